#pragma once
// How many descriptors the process's epoll instances watch, as the kernel tells it. Asio does not look
// whether epoll_ctl(2) took those that wake its loop; a loop without them sleeps for ever.
//
// Source: proc(5), /proc/PID/fdinfo. Threads: any.

#include <cstddef>
#include <optional>

namespace reeld {

/// nullopt: none, or the kernel does not tell (no /proc, no descriptor to read it with).
std::optional<std::size_t> count_epoll_watches();

}  // namespace reeld
