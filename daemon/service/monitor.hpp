#pragma once
// What a monitoring system gets to see of the daemon: /metrics and /healthz.
//
// Lifetime: owned by the Daemon; `stop` before the loop runs out. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "endpoints/page_server.hpp"

namespace reeld {

class Metrics;
class SpoolService;

class Monitor {
 public:
  /// Kept by the Daemon.
  struct Parts {
    boost::asio::any_io_executor loop;
    Log& log;
    std::function<std::shared_ptr<SpoolService>()> spool;  // the one that is served
    const Metrics& metrics;
  };

  explicit Monitor(Parts parts);

  /// See PageServer.
  void listen(const std::string& address) { server_.listen(address); }
  void stop() { server_.stop(); }

 private:
  boost::asio::awaitable<Page> write_metrics();
  boost::asio::awaitable<Page> write_health();

  Parts parts_;
  PageServer server_;
};

/// What keeps the daemon from being healthy, "" if nothing does. That it answers shows that the loop is
/// alive; `oldest_write`: since when the ledger's oldest write is under way.
std::string find_health_problem(bool is_ledger_well, std::optional<SteadyTime> oldest_write, SteadyTime now);

}  // namespace reeld
