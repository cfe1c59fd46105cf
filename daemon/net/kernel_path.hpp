#pragma once
// What the kernel knows of the way that a TCP connection takes. One system call each.

#include <cstdint>
#include <optional>

#include "core/boundary_wait.hpp"

namespace reeld {

struct KernelPath {
  std::optional<microseconds> min_round_trip;  // none where this kernel does not tell
  std::uint32_t segment = 0;                   // the most that one packet takes, in bytes
};

KernelPath ask_path(int socket);
/// Bytes that the peer's kernel has not acknowledged; 0 where it cannot be told.
std::uint64_t ask_unacknowledged(int socket);
/// What has come is acknowledged now, and not by and by.
void acknowledge_now(int socket);

}  // namespace reeld
