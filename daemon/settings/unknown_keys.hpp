#pragma once
// Names in a configuration that mean nothing, and what was probably meant by them.

#include <set>
#include <string>
#include <string_view>

namespace reeld {

/// Key paths ("spool.settle") that a reader has asked for.
using KnownKeys = std::set<std::string, std::less<>>;

/// Why `path` is not accepted, for people: what it might have been meant to be, or, where it looks like an
/// API key, where keys go. `is_table`: what stands there is a table.
std::string explain_unknown_key(std::string_view path, bool is_table, const KnownKeys& known);

/// Whether some known key lies in the table `path`.
bool is_known_table(std::string_view path, const KnownKeys& known);

/// "verdict[0].code" as people write it: "verdict.code".
std::string drop_indexes(std::string_view path);

}  // namespace reeld
