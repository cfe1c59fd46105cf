#include "service/marker_keeper.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "async/offload.hpp"
#include "ledger/spool_marker.hpp"
#include "log/log_events.hpp"

namespace reeld {
namespace {

constexpr milliseconds max_lag = std::chrono::seconds(1);
constexpr milliseconds max_marker_pause = std::chrono::minutes(1);  // where it cannot be written

}  // namespace

MarkerKeeper::MarkerKeeper(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, int spool_fd,
                           std::string spool_path, LedgerClient& ledger, Log& log, TaskGroup& tasks)
    : workers_(workers),
      spool_fd_(spool_fd),
      spool_path_(std::move(spool_path)),
      ledger_(ledger),
      log_(log),
      tasks_(tasks),
      timer_(loop),
      marked_(ledger.marker().generation),
      lag_(max_lag) {}

void MarkerKeeper::look() {
  if (is_keeping_ || ledger_.marker().generation == marked_ || has_given_up_) return;
  is_keeping_ = true;
  tasks_.spawn("keep the spool's marker", keep());
}

void MarkerKeeper::stop() {
  is_stopped_ = true;
  timer_.cancel();
  look();
}

boost::asio::awaitable<void> MarkerKeeper::keep() {
  if (!is_stopped_) {
    timer_.expires_after(lag_);
    const auto [error] = co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    static_cast<void>(error);  // due, or reeld stops: it is written either way
  }
  const SpoolMarker marker = ledger_.marker();
  auto work = [fd = spool_fd_, path = spool_path_, marker] { return write_marker(fd, path, marker); };
  const auto failure = co_await offload(workers_, std::move(work));
  is_keeping_ = false;
  if (failure) {
    note_failure(failure->message);
    co_return;
  }
  has_failed_ = false;
  lag_ = max_lag;
  marked_ = marker.generation;
  ledger_.post([generation = marked_](LedgerStore& store) { store.mark_generation(generation); });
}

/// A marker that lags behind is no harm while reeld runs, and the next look tries again. But a ledger that is
/// restored meanwhile would not be told from the true one.
void MarkerKeeper::note_failure(const std::string& reason) {
  has_given_up_ = is_stopped_;
  lag_ = std::min(lag_ * 2, max_marker_pause);
  if (std::exchange(has_failed_, true)) return;
  log_.warning(event::marker_unwritten,
               "the spool's marker cannot be written; sending goes on, and it is tried again",
               {{"reason", reason}});
}

}  // namespace reeld
