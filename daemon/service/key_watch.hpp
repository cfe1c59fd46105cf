#pragma once
// Watches the key file, so that a new key is taken up when it is put there, and not only at the next reload.
//
// Lifetime: within the Daemon; `stop` before the loop can end. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

namespace reeld {

class KeyWatch {
 public:
  using OnChange = std::function<void()>;
  /// The file is not watched (any more): why, for people. A reload still serves, and asks for a watch anew.
  using OnTrouble = std::function<void(const std::string& reason)>;
  KeyWatch(boost::asio::any_io_executor loop, OnChange on_change, OnTrouble on_trouble);
  ~KeyWatch();
  KeyWatch(const KeyWatch&) = delete;
  KeyWatch& operator=(const KeyWatch&) = delete;

  /// Watches that file from now on, and none before it; "" : none. A watch that stands is left as it is, one
  /// that failed is tried again.
  void watch(const std::string& path);
  void stop();

 private:
  struct Watch;

  void await_events();
  void on_events();

  boost::asio::any_io_executor loop_;
  OnChange on_change_;
  OnTrouble on_trouble_;
  std::string path_;
  std::shared_ptr<Watch> watch_;  // null where none stands
};

}  // namespace reeld
