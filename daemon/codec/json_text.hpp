#pragma once
// JSON text and values; for the .cpp files of codec alone.
//
// Source: RFC 8259.

#include <optional>
#include <string>
#include <string_view>

namespace boost::json {
class value;
}

namespace reeld {

/// nullopt where `text` is not JSON, not UTF-8, or nested more than 64 deep. A byte-order mark at its head is
/// skipped.
std::optional<boost::json::value> parse_json(std::string_view text);

/// Indented by two spaces, keys in their own order, a newline at the end.
std::string print_json(const boost::json::value& value);

}  // namespace reeld
