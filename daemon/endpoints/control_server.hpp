#pragma once
// The control socket, `.reeld/control` in the spool: how commands reach a daemon that runs. A request is
// fields that a NUL divides, up to the end of what the client sends; the reply is text, and then the
// connection ends.
//
// Lifetime: owned by the SpoolService; `stop` before the loop runs out, which it ends for as soon as what
// is being answered has been. Threads: the loop's. Nothing wakes it but a client.
// Errors: a socket that cannot be made is one warning in the log; reeld works without it.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "async/task_group.hpp"
#include "endpoints/sessions.hpp"
#include "log/log.hpp"
#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

class ControlServer {
 public:
  /// Given at least one field.
  using Answer = std::function<boost::asio::awaitable<std::string>(std::vector<std::string> request)>;

  /// `spool_fd` and `log` are kept by the caller. `spool_path` is for messages.
  /// `on_idle`: nobody is being answered any more, and after `stop` nobody will be.
  ControlServer(boost::asio::any_io_executor loop, int spool_fd, std::string spool_path, Log& log,
                Answer answer, std::function<void()> on_idle);

  /// The caller holds the spool's lock: a socket that is there already is a dead one's.
  void start();
  void stop();
  bool is_idle() const { return tasks_.running() == 0; }

 private:
  using Protocol = boost::asio::local::stream_protocol;
  using Session = Sessions<Protocol>::Session;

  SysError describe(std::string_view doing, int code) const;
  std::optional<SysError> listen();
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> serve(std::shared_ptr<Session> session);

  boost::asio::any_io_executor loop_;
  int spool_fd_;
  std::string spool_path_;
  Log& log_;
  Answer answer_;
  UniqueFd folder_;  // .reeld, while there is a socket in it
  Protocol::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  Sessions<Protocol> sessions_;
  bool is_stopped_ = false;
  TaskGroup tasks_;  // last: its coroutines refer to everything above
};

}  // namespace reeld
