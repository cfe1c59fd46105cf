#include "service/key_watch.hpp"

#include <fcntl.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <utility>

#include "sys/inotify.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

struct Place {
  std::string folder;
  std::string name;
};

Place split(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return {".", path};
  return {path.substr(0, slash + 1), path.substr(slash + 1)};
}

// The folder, not the file: editors and deployments put a new file in the old one's place.
std::variant<Inotify, SysError> begin_watching(const std::string& folder) {
  constexpr std::string_view doing = "watch the key file's folder";
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return make_sys_error(doing, folder, errno);
  auto opened = Inotify::open();
  if (const auto* const error = std::get_if<SysError>(&opened)) {
    return make_sys_error(doing, folder, error->code);
  }
  const auto watched = std::get<Inotify>(opened).watch_folder(fd.get(), folder);
  if (const auto* const error = std::get_if<SysError>(&watched)) {
    return make_sys_error(doing, folder, error->code);
  }
  return opened;
}

// What stands at the path now, if anything, is another folder.
bool ends_watch(const WatchEvent& event) {
  return event.has(WatchFlag::unwatched) || event.has(WatchFlag::self_deleted) ||
         event.has(WatchFlag::self_moved);
}

struct News {
  bool is_changed = false;
  bool is_over = false;
};

News read_news(const Inotify& inotify, const std::string& name) {
  News news;
  std::array<std::byte, 4096> buffer;
  while (true) {
    const auto read = inotify.read_events(buffer);
    const auto* const count = std::get_if<std::size_t>(&read);
    if (count == nullptr || *count == 0) return news;
    for (const WatchEvent& event : decode_events(std::span(buffer).first(*count))) {
      const bool is_complete = event.has(WatchFlag::closed_after_write) || event.has(WatchFlag::moved_in);
      news.is_changed |= event.has(WatchFlag::overflowed) || (event.name == name && is_complete);
      news.is_over |= ends_watch(event);
    }
  }
}

}  // namespace

/// One watch from its beginning to its end: what waits for its events knows by it whether it still stands.
struct KeyWatch::Watch {
  Watch(const boost::asio::any_io_executor& loop, Inotify from, Place at)
      : inotify(std::move(from)), place(std::move(at)), readable(loop, inotify.fd()) {}
  // The descriptor is the Inotify's to close.
  ~Watch() { readable.release(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  Inotify inotify;
  Place place;
  boost::asio::posix::stream_descriptor readable;
};

KeyWatch::KeyWatch(boost::asio::any_io_executor loop, OnChange on_change, OnTrouble on_trouble)
    : loop_(std::move(loop)), on_change_(std::move(on_change)), on_trouble_(std::move(on_trouble)) {}

KeyWatch::~KeyWatch() {
  stop();
}

void KeyWatch::watch(const std::string& path) {
  if (watch_ && path == path_) return;
  stop();
  if (path.empty()) return;
  path_ = path;
  Place place = split(path);
  auto begun = begin_watching(place.folder);
  if (const auto* const error = std::get_if<SysError>(&begun)) {
    on_trouble_(error->message);
    return;
  }
  watch_ = std::make_shared<Watch>(loop_, std::move(std::get<Inotify>(begun)), std::move(place));
  await_events();
}

void KeyWatch::stop() {
  path_.clear();
  watch_.reset();
}

void KeyWatch::await_events() {
  // Weak: an event that is on its way to us when the watch ends is of no interest any more.
  watch_->readable.async_wait(
      boost::asio::posix::stream_descriptor::wait_read,
      [this, waited_for = std::weak_ptr<Watch>(watch_)](const boost::system::error_code& error) {
        if (!error && !waited_for.expired()) on_events();
      });
}

void KeyWatch::on_events() {
  const News news = read_news(watch_->inotify, watch_->place.name);
  const std::string folder = watch_->place.folder;
  if (news.is_over) {
    stop();
  } else {
    await_events();
  }
  if (news.is_over) on_trouble_("the key file's folder " + folder + " was removed or renamed");
  if (news.is_changed) on_change_();
}

}  // namespace reeld
