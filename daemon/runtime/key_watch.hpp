#pragma once
// Watches the key file, so that a new key is taken up when it is put there, and not only at the next reload.
//
// Lifetime: within the composition; `stop` before the loop can end. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <optional>
#include <string>

#include "sys/inotify.hpp"

namespace reeld {

class KeyWatch {
 public:
  using OnChange = std::function<void()>;
  KeyWatch(boost::asio::any_io_executor loop, OnChange on_change);
  ~KeyWatch();
  KeyWatch(const KeyWatch&) = delete;
  KeyWatch& operator=(const KeyWatch&) = delete;

  /// Watches that file from now on, and none before it; "" : none. Where there is no inotify to be had, a
  /// reload still serves.
  void watch(const std::string& path);
  void stop();

 private:
  void await_events();
  bool has_changed();

  boost::asio::any_io_executor loop_;
  OnChange on_change_;
  std::string path_;
  std::string name_;  // the file's, within its folder
  std::optional<Inotify> inotify_;
  std::optional<boost::asio::posix::stream_descriptor> readable_;
};

}  // namespace reeld
