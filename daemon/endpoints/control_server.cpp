#include "endpoints/control_server.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

#include "log/log_events.hpp"

namespace reeld {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;

constexpr const char* folder_name = ".reeld";
constexpr const char* socket_name = "control";
constexpr mode_t socket_mode = 0660;
constexpr std::size_t max_request = 16 * 1024;
constexpr std::size_t max_sessions = 32;
constexpr auto deadline = std::chrono::seconds(5);
constexpr auto pause_after_failure = std::chrono::seconds(1);

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> fields(1);
  for (const char c : text) {
    if (c == '\0') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

ControlServer::ControlServer(asio::any_io_executor loop, int spool_fd, std::string spool_path, Log& log,
                             Answer answer, std::function<void()> on_idle)
    : loop_(std::move(loop)),
      spool_fd_(spool_fd),
      spool_path_(std::move(spool_path)),
      log_(log),
      answer_(std::move(answer)),
      acceptor_(loop_),
      pause_(loop_),
      sessions_(deadline),
      tasks_(loop_, std::move(on_idle)) {}

void ControlServer::start() {
  if (const auto error = listen()) {
    folder_.reset();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    log_.warning(
        event::control_failed,
        "there is no control socket: commands work all the same, but reeld hears of what they did later",
        {{"reason", error->message}});
    return;
  }
  tasks_.spawn("accept commands", accept());
}

SysError ControlServer::describe(std::string_view doing, int code) const {
  return make_sys_error(doing, spool_path_ + "/" + folder_name + "/" + socket_name, code);
}

std::optional<SysError> ControlServer::listen() {
  folder_ = UniqueFd(::openat(spool_fd_, folder_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder_) return describe("open the folder of", errno);
  if (::unlinkat(folder_.get(), socket_name, 0) != 0 && errno != ENOENT) return describe("remove", errno);
  // A socket's address has room for 108 bytes, and a spool's path may be longer.
  const std::string address = "/proc/self/fd/" + std::to_string(folder_.get()) + "/" + socket_name;
  boost::system::error_code error;
  acceptor_.open(stream_protocol(), error);
  if (!error) acceptor_.bind(stream_protocol::endpoint(address), error);
  if (error) return describe("make", error.value());
  // Nobody can connect before `listen`, so there is no instant at which it is open to all.
  if (::fchmodat(folder_.get(), socket_name, socket_mode, 0) != 0)
    return describe("change the mode of", errno);
  acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return describe("listen at", error.value());
  return std::nullopt;
}

void ControlServer::stop() {
  if (std::exchange(is_stopped_, true)) return;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  if (folder_) ::unlinkat(folder_.get(), socket_name, 0);
  folder_.reset();
  sessions_.close_all();
}

asio::awaitable<void> ControlServer::accept() {
  while (!is_stopped_) {
    stream_protocol::socket peer(loop_);
    const auto [error] = co_await acceptor_.async_accept(peer, asio::as_tuple(asio::use_awaitable));
    if (is_stopped_) co_return;
    if (error) {
      // Too many open files, most likely: that is not mended by asking again at once.
      pause_.expires_after(pause_after_failure);
      const auto [cancelled] = co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
      static_cast<void>(cancelled);
    } else if (sessions_.size() < max_sessions) {
      tasks_.spawn("answer a command", serve(sessions_.begin(std::move(peer))));
    }
  }
}

asio::awaitable<void> ControlServer::serve(std::shared_ptr<Session> session) {
  std::string text;
  auto buffer = asio::dynamic_buffer(text, max_request + 1);
  const auto [error, got] =
      co_await asio::async_read(session->socket, buffer, asio::as_tuple(asio::use_awaitable));
  std::string reply;
  if (error == asio::error::eof && got <= max_request) {
    auto answer = answer_(split(text));
    reply = co_await std::move(answer);
  } else if (!error || got > max_request) {
    reply = "error: the request is too long\n";
  }
  const auto out = asio::buffer(reply);
  const auto [failed, sent] =
      co_await asio::async_write(session->socket, out, asio::as_tuple(asio::use_awaitable));
  static_cast<void>(failed);  // who asked has gone: nobody is left to be told
  static_cast<void>(sent);
}

}  // namespace reeld
