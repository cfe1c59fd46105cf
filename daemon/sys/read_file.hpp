#pragma once
// Whole files of a known size. Blocks.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// The first `size` bytes; nullopt where there are fewer, or they cannot be read.
std::optional<std::string> read_bytes(int fd, std::uint64_t size);

/// A regular file beneath the folder, links not followed; nullopt where it is none, cannot be read, or is
/// longer than `most`.
std::optional<std::string> read_small_beneath(int folder_fd, std::string_view name, std::uint64_t most);

}  // namespace reeld
