#include "runtime/key_watch.hpp"

#include <fcntl.h>

#include <array>
#include <utility>

namespace reeld {

KeyWatch::KeyWatch(boost::asio::any_io_executor loop, OnChange on_change)
    : loop_(std::move(loop)), on_change_(std::move(on_change)) {}

KeyWatch::~KeyWatch() {
  stop();
}

void KeyWatch::watch(const std::string& path) {
  if (path == path_) return;
  stop();
  path_ = path;
  if (path.empty()) return;
  const std::size_t slash = path.find_last_of('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  name_ = slash == std::string::npos ? path : path.substr(slash + 1);
  // The folder, not the file: editors and deployments put a new file in the old one's place.
  const UniqueFd folder_fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  auto opened = Inotify::open();
  auto* const inotify = std::get_if<Inotify>(&opened);
  if (!folder_fd || inotify == nullptr) return;
  if (std::holds_alternative<SysError>(inotify->watch_folder(folder_fd.get(), folder))) return;
  inotify_.emplace(std::move(*inotify));
  readable_.emplace(loop_, inotify_->fd());
  await_events();
}

void KeyWatch::stop() {
  path_.clear();
  // The descriptor is the Inotify's to close; what waits for it ends with operation_aborted.
  if (readable_) readable_->release();
  readable_.reset();
  inotify_.reset();
}

void KeyWatch::await_events() {
  readable_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                          if (error) return;
                          const bool is_changed = has_changed();
                          await_events();
                          if (is_changed) on_change_();
                        });
}

bool KeyWatch::has_changed() {
  bool is_changed = false;
  std::array<std::byte, 4096> buffer;
  while (true) {
    const auto read = inotify_->read_events(buffer);
    const auto* const count = std::get_if<std::size_t>(&read);
    if (count == nullptr || *count == 0) return is_changed;
    for (const WatchEvent& event : decode_events(std::span(buffer).first(*count))) {
      const bool is_complete = event.has(WatchFlag::closed_after_write) || event.has(WatchFlag::moved_in);
      is_changed = is_changed || event.has(WatchFlag::overflowed) || (event.name == name_ && is_complete);
    }
  }
}

}  // namespace reeld
