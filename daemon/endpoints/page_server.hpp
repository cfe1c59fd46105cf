#pragma once
// A small HTTP/1.1 server for a few pages, on the loop: GET and HEAD, one request a connection, with limits
// on everything that a client could hold.
//
// Lifetime: owned by its owner on the loop; `stop` before the loop runs out, which it ends for as soon as
// what is being answered has been. Threads: the loop's. Nothing wakes it but a client. Errors: an address
// that cannot be listened at is said once and tried again from time to time: who is watched works all the
// same.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/clock.hpp"
#include "http/page_request.hpp"
#include "log/log.hpp"

namespace reeld {

class PageServer {
 public:
  using Render = std::function<boost::asio::awaitable<Page>()>;
  using Pages = std::map<std::string, Render, std::less<>>;  // by path

  PageServer(boost::asio::any_io_executor loop, Log& log, Pages pages,
             milliseconds deadline = std::chrono::seconds(5), milliseconds retry = std::chrono::seconds(30));
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  /// From now on there and nowhere else: "HOST:PORT" as http/listen_address gives it, "" for nowhere.
  /// What it serves already it goes on to serve. The same address again: tried at once where it had failed.
  void listen(const std::string& address);
  void stop();
  /// Where it listens, with the true port; "" where it does not.
  std::string address() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
