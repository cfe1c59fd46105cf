#include "sys/inotify.hpp"

#include <sys/inotify.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace reeld {
namespace {

constexpr std::uint32_t bit(WatchFlag flag) {
  return static_cast<std::uint32_t>(flag);
}
static_assert(bit(WatchFlag::modified) == IN_MODIFY);
static_assert(bit(WatchFlag::attributes_changed) == IN_ATTRIB);
static_assert(bit(WatchFlag::closed_after_write) == IN_CLOSE_WRITE);
static_assert(bit(WatchFlag::moved_out) == IN_MOVED_FROM);
static_assert(bit(WatchFlag::moved_in) == IN_MOVED_TO);
static_assert(bit(WatchFlag::created) == IN_CREATE);
static_assert(bit(WatchFlag::deleted) == IN_DELETE);
static_assert(bit(WatchFlag::self_deleted) == IN_DELETE_SELF);
static_assert(bit(WatchFlag::self_moved) == IN_MOVE_SELF);
static_assert(bit(WatchFlag::unmounted) == IN_UNMOUNT);
static_assert(bit(WatchFlag::overflowed) == IN_Q_OVERFLOW);
static_assert(bit(WatchFlag::unwatched) == IN_IGNORED);
static_assert(bit(WatchFlag::is_folder) == IN_ISDIR);

// IN_MODIFY tells that a file is open for writing until its close comes; of writes in a row the kernel keeps
// one event. No IN_OPEN: whoever reads the spool (a backup, reeld itself) would send two for every file.
constexpr std::uint32_t watched_events = IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_MOVED_FROM |
                                         IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF |
                                         IN_ONLYDIR | IN_EXCL_UNLINK;

}  // namespace

std::vector<WatchEvent> decode_events(std::span<const std::byte> buffer) {
  std::vector<WatchEvent> events;
  while (buffer.size() >= sizeof(::inotify_event)) {
    ::inotify_event header{};
    std::memcpy(&header, buffer.data(), sizeof header);
    buffer = buffer.subspan(sizeof header);
    if (header.len > buffer.size()) break;
    const char* const name = reinterpret_cast<const char*>(buffer.data());
    events.push_back({header.wd, header.mask, {name, ::strnlen(name, header.len)}, header.cookie});
    buffer = buffer.subspan(header.len);
  }
  return events;
}

std::variant<Inotify, SysError> Inotify::open() {
  UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd) return make_sys_error("begin watching", "the spool", errno);
  return Inotify(std::move(fd));
}

std::variant<int, SysError> Inotify::watch_folder(int folder_fd, std::string_view path) const {
  const std::string same_folder = "/proc/self/fd/" + std::to_string(folder_fd);
  const int watch = ::inotify_add_watch(fd_.get(), same_folder.c_str(), watched_events);
  if (watch < 0) return make_sys_error("watch", path, errno);
  return watch;
}

void Inotify::remove_watch(int watch) const {
  ::inotify_rm_watch(fd_.get(), watch);
}

std::variant<std::size_t, SysError> Inotify::read_events(std::span<std::byte> into) const {
  for (;;) {
    const ssize_t count = ::read(fd_.get(), into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN) return std::size_t{0};
    if (errno != EINTR) return make_sys_error("read events of", "the spool", errno);
  }
}

}  // namespace reeld
