#pragma once
// inotify: watches on folders, and what the kernel's buffer says.
//
// Threads: adding and removing watches from any thread; reading from one.
// Source: inotify(7).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// The kernel's own bits, so that a mask can be tested as it came.
enum class WatchFlag : std::uint32_t {
  modified = 0x2,
  attributes_changed = 0x4,
  closed_after_write = 0x8,
  moved_out = 0x40,
  moved_in = 0x80,
  created = 0x100,
  deleted = 0x200,
  self_deleted = 0x400,
  self_moved = 0x800,
  unmounted = 0x2000,
  overflowed = 0x4000,  // events were lost
  unwatched = 0x8000,   // the watch is gone, and its number means nothing any more
  is_folder = 0x40000000,
};

struct WatchEvent {
  int watch = -1;
  std::uint32_t mask = 0;
  std::string_view name;     // into the buffer; "" for events of the watched folder itself
  std::uint32_t cookie = 0;  // the same in the two events of a rename

  bool has(WatchFlag flag) const { return (mask & static_cast<std::uint32_t>(flag)) != 0; }
};

/// Pure: never reads past the buffer; what does not fit into it at the end is left out.
std::vector<WatchEvent> decode_events(std::span<const std::byte> buffer);

class Inotify {
 public:
  /// Errors: EMFILE where the user has as many instances as are allowed.
  static std::variant<Inotify, SysError> open();

  int fd() const { return fd_.get(); }
  /// Watches the very folder that `folder_fd` refers to, whatever its path is by now. The same folder always
  /// has the same number. Errors: ENOSPC where the user is out of watches. `path` is for messages only.
  std::variant<int, SysError> watch_folder(int folder_fd, std::string_view path) const;
  void remove_watch(int watch) const;
  /// How many bytes of events were read; 0 if there are none now.
  std::variant<std::size_t, SysError> read_events(std::span<std::byte> into) const;

 private:
  explicit Inotify(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace reeld
