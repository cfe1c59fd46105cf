#pragma once
// Spools above and below a folder: one within another would see every pair twice.
//
// Threads: blocking; it walks the folders.

#include <optional>
#include <string>

namespace reeld {

/// What is wrong, and what to do; nullopt if nothing is.
std::optional<std::string> find_overlap(const std::string& spool_path);

}  // namespace reeld
