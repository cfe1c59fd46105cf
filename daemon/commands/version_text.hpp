#pragma once
// What `reeld --version` says: this program, and what it was made with and runs on.

#include <string>

namespace reeld {

/// "reeld 0.1.0 (commit 1a2b3c4, GCC 12.2.0, Boost 1.81.0, OpenSSL 3.0.16, SQLite 3.40.1)" and a line's end.
/// The libraries' versions are those that are loaded.
std::string describe_version();

}  // namespace reeld
