#include "runtime/marker_keeper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "ledger/spool_marker.hpp"
#include "runtime/offload.hpp"

namespace reeld {
namespace {

constexpr milliseconds longest_lag = std::chrono::seconds(1);

}  // namespace

MarkerKeeper::MarkerKeeper(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, int spool_fd,
                           std::string spool_path, LedgerLink& ledger, TaskGroup& tasks)
    : workers_(workers),
      spool_fd_(spool_fd),
      spool_path_(std::move(spool_path)),
      ledger_(ledger),
      tasks_(tasks),
      timer_(loop),
      marked_(ledger.marker().generation) {}

void MarkerKeeper::look() {
  if (is_keeping_ || ledger_.marker().generation == marked_) return;
  is_keeping_ = true;
  tasks_.spawn("keep the spool's marker", keep());
}

void MarkerKeeper::stop() {
  is_stopped_ = true;
  timer_.cancel();
}

boost::asio::awaitable<void> MarkerKeeper::keep() {
  if (!is_stopped_) {
    timer_.expires_after(longest_lag);
    const auto [error] = co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    static_cast<void>(error);  // due, or reeld stops: it is written either way
  }
  const SpoolMarker marker = ledger_.marker();
  auto work = [fd = spool_fd_, path = spool_path_, marker] { return write_marker(fd, path, marker); };
  const auto failure = co_await offload(workers_, std::move(work));
  is_keeping_ = false;
  // A marker that lags behind is no harm: the next look tries again.
  if (failure) co_return;
  marked_ = marker.generation;
  ledger_.post([generation = marked_](LedgerStore& store) { store.mark_generation(generation); });
}

}  // namespace reeld
