#include "intake/watcher.hpp"

#include <utility>

#include "core/spool_name.hpp"

namespace reeld {
namespace {

constexpr std::size_t buffer_size = 64 * 1024;
// Others must get their turn on the loop during a storm of events.
constexpr int reads_in_a_row = 8;
// So many that a file of a usual size is never waited for, and a rest so short that nobody notices it.
constexpr int max_writes_in_a_row = 64;
constexpr auto rest_from_writes = std::chrono::milliseconds(20);
constexpr std::size_t max_kept_events = 65'536;

/// As far as inputs go.
bool is_usual_name(std::string_view name) {
  return !is_input(classify_name(name).kind) || is_usual_input_name(name);
}

}  // namespace

IntakeWatcher::IntakeWatcher(boost::asio::any_io_executor loop, std::shared_ptr<const Inotify> inotify,
                             WatchListener& listener)
    : inotify_(std::move(inotify)),
      listener_(&listener),
      descriptor_(loop, inotify_->fd()),
      buffer_(buffer_size),
      rest_(loop) {}

void IntakeWatcher::stop() {
  listener_ = nullptr;
  rest_.cancel();
  // The descriptor is the Inotify's to close.
  if (descriptor_.is_open()) descriptor_.release();
}

void IntakeWatcher::wait() {
  descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [weak = weak_from_this()](const boost::system::error_code& error) {
                           const auto self = weak.lock();
                           if (self && !error) self->read();
                         });
}

/// While a large file is written in small pieces, the kernel puts its events together for a moment.
void IntakeWatcher::rest() {
  rest_.expires_after(rest_from_writes);
  rest_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->read();
  });
}

void IntakeWatcher::read() {
  for (int reads = 0; reads < reads_in_a_row && listener_ != nullptr; ++reads) {
    const auto result = inotify_->read_events(buffer_);
    if (std::holds_alternative<SysError>(result)) {
      listener_->on_events_lost();
      return;
    }
    const auto count = std::get<std::size_t>(result);
    if (count == 0) break;
    handle(std::span(buffer_).first(count));
  }
  if (listener_ == nullptr) return;
  writes_in_a_row_ > max_writes_in_a_row ? rest() : wait();
}

void IntakeWatcher::handle(std::span<const std::byte> events) {
  ++writes_in_a_row_;
  for (const auto& event : decode_events(events)) {
    if (listener_ == nullptr) return;
    if (event.mask != static_cast<std::uint32_t>(WatchFlag::modified)) writes_in_a_row_ = 0;
    handle_one(event);
  }
}

void IntakeWatcher::handle_one(const WatchEvent& event) {
  if (event.has(WatchFlag::overflowed)) {
    listener_->on_events_lost();
    return;
  }
  const auto found = folders_.find(event.watch);
  if (found == folders_.end()) {
    keep(event);
    return;
  }
  if (!is_usual_name(event.name)) found->second.has_odd_events = true;
  const std::string path = found->second.path;  // a copy: the listener may drop the folder
  if (event.has(WatchFlag::unwatched)) {
    const auto named = watches_.find(path);
    if (named != watches_.end() && named->second == event.watch) watches_.erase(named);
    folders_.erase(found);
    return;
  }
  listener_->on_watch_event(path, event);
}

void IntakeWatcher::keep(const WatchEvent& event) {
  if (++kept_ > max_kept_events) {
    kept_ = 0;
    unknown_.clear();
    listener_->on_events_lost();
    return;
  }
  unknown_[event.watch].push_back({event.mask, std::string(event.name), event.cookie});
}

void IntakeWatcher::name_watch(int watch, const std::string& path, std::uint64_t scan) {
  auto& folder = folders_[watch];
  if (folder.path != path) {
    const auto old = watches_.find(folder.path);
    if (old != watches_.end() && old->second == watch) watches_.erase(old);
  }
  folder.path = path;
  folder.scan = scan;
  const auto [named, is_new] = watches_.try_emplace(path, watch);
  if (!is_new && named->second != watch) {
    // Another folder had this path; it is no longer here.
    folders_.erase(named->second);
    inotify_->remove_watch(named->second);
    named->second = watch;
  }
  if (const auto kept = unknown_.extract(watch)) {
    kept_ -= kept.mapped().size();
    for (const auto& event : kept.mapped()) {
      if (listener_ != nullptr) handle_one({watch, event.mask, event.name, event.cookie});
    }
  }
}

void IntakeWatcher::note_names(const std::string& path, bool has_odd) {
  const auto named = watches_.find(path);
  if (named == watches_.end()) return;
  auto& folder = folders_[named->second];
  folder.is_read = true;
  folder.has_odd_names = has_odd;
}

bool IntakeWatcher::has_usual_names_only(const std::string& path) const {
  const auto named = watches_.find(path);
  if (named == watches_.end()) return false;
  const auto& folder = folders_.at(named->second);
  return folder.is_read && !folder.has_odd_names && !folder.has_odd_events;
}

void IntakeWatcher::remove(int watch) {
  folders_.erase(watch);
  inotify_->remove_watch(watch);
}

void IntakeWatcher::drop_within(const std::string& path) {
  for (auto named = watches_.lower_bound(path); named != watches_.end() && named->first.starts_with(path);) {
    if (!is_within(named->first, path)) {
      ++named;
      continue;
    }
    remove(named->second);
    named = watches_.erase(named);
  }
}

void IntakeWatcher::drop_older_than(std::uint64_t scan) {
  for (auto named = watches_.begin(); named != watches_.end();) {
    const auto folder = folders_.find(named->second);
    if (folder != folders_.end() && folder->second.scan >= scan) {
      ++named;
      continue;
    }
    remove(named->second);
    named = watches_.erase(named);
  }
}

}  // namespace reeld
