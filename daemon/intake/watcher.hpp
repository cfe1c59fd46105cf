#pragma once
// Watches: which number is which folder, and the kernel's events by folder. A folder's number stays its own
// when it is renamed; its name here changes as soon as a scan has seen it under the new one.
//
// Lifetime: held by a shared_ptr; nothing is said after `stop`. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "sys/inotify.hpp"

namespace reeld {

class WatchListener {
 public:
  virtual ~WatchListener() = default;
  virtual void on_watch_event(const std::string& folder, const WatchEvent& event) = 0;
  /// The kernel's queue overflowed, or cannot be read: only a scan can tell what has happened.
  virtual void on_events_lost() = 0;
};

class IntakeWatcher : public std::enable_shared_from_this<IntakeWatcher> {
 public:
  /// `listener` outlives this.
  IntakeWatcher(boost::asio::any_io_executor loop, std::shared_ptr<const Inotify> inotify,
                WatchListener& listener);
  ~IntakeWatcher() { stop(); }

  void start() { wait(); }
  void stop();

  /// A scan (its number: `scan`) has found the folder that `watch` watches at `path`. Events of that watch
  /// which came before are told now.
  void name_watch(int watch, const std::string& path, std::uint64_t scan);
  /// The scan has read it to its end.
  void note_names(const std::string& path, bool has_odd);
  /// Whether every input that is there, or came since, is known to have its extension in lower case.
  bool has_usual_names_only(const std::string& path) const;
  /// The folder is gone from there, with all that lies below it.
  void drop_within(const std::string& path);
  /// Watches that no scan has named since that one are of folders that left unseen.
  void drop_older_than(std::uint64_t scan);
  /// Between scans an event of an unknown watch is a late one, of a folder that is gone.
  void forget_unknown() {
    unknown_.clear();
    kept_ = 0;
  }

  /// Public for tests: what a read of the kernel's events gave.
  void handle(std::span<const std::byte> events);

 private:
  struct Folder {
    std::string path;
    std::uint64_t scan = 0;
    bool is_read = false;         // to its end, while it was watched
    bool has_odd_names = false;   // in what was read
    bool has_odd_events = false;  // in what came, ever
  };
  struct KeptEvent {
    std::uint32_t mask;
    std::string name;
    std::uint32_t cookie;
  };

  void wait();
  void rest();
  void read();
  void handle_one(const WatchEvent& event);
  void keep(const WatchEvent& event);
  void remove(int watch);

  std::shared_ptr<const Inotify> inotify_;
  WatchListener* listener_;  // null once stopped
  boost::asio::posix::stream_descriptor descriptor_;
  std::vector<std::byte> buffer_;
  std::unordered_map<int, Folder> folders_;
  std::map<std::string, int> watches_;                       // by path
  std::unordered_map<int, std::vector<KeptEvent>> unknown_;  // until a scan names their watch
  std::size_t kept_ = 0;
  int writes_in_a_row_ = 0;  // reads that gave nothing but writes
  boost::asio::steady_timer rest_;
};

}  // namespace reeld
