#include "service/monitor.hpp"

#include <utility>

#include "async/steady_now.hpp"
#include "ledger/sqlite.hpp"
#include "metrics/metrics.hpp"
#include "service/spool_service.hpp"

namespace reeld {
namespace {

// A sync of a busy disk takes seconds at times; one that takes longer than this is not coming back soon.
constexpr auto max_write = std::chrono::seconds(10);

WaitCounts count_waiting(const JobScheduler& scheduler, const IntakeCounts& intake) {
  WaitCounts out{};
  scheduler.count_waiting(out, steady_now());
  count_of(out, WaitReason::undecided) += intake.undecided;
  count_of(out, WaitReason::half) += intake.half;
  count_of(out, WaitReason::incomplete) += intake.incomplete;
  count_of(out, WaitReason::ambiguous) += intake.ambiguous;
  count_of(out, WaitReason::conflict) += intake.conflict;
  count_of(out, WaitReason::unnameable) += intake.unnameable;
  count_of(out, WaitReason::unwritable) += intake.unwritable;
  count_of(out, WaitReason::settings) += intake.misconfigured;
  return out;
}

MetricsView read_view(const Dispatcher& dispatcher, const Intake& intake) {
  MetricsView out;
  const DispatchCounts counts = dispatcher.counts();
  const Lane& lane = dispatcher.lane();
  out.accepted = counts.accepted;
  out.refused = counts.refused;
  out.doubt = counts.doubt;
  out.waiting = count_waiting(dispatcher.scheduler(), intake.counts());
  out.in_flight = counts.in_flight;
  out.awaiting = dispatcher.awaiting_answers();
  out.limit = lane.limit();
  out.concurrency = lane.limits().concurrency;
  out.pause = lane.pause();
  out.is_held = dispatcher.scheduler().is_held();
  out.day_spent = lane.spent_within_day(steady_now());
  out.day_cap = lane.limits().per_day;
  return out;
}

}  // namespace

std::string find_health_problem(bool is_ledger_well, std::optional<SteadyTime> oldest_write, SteadyTime now) {
  if (!is_ledger_well)
    return "the ledger cannot be written, and nothing is sent until it can: see ledger.failed in the log";
  if (!oldest_write || now - *oldest_write < max_write) return "";
  const auto age = std::chrono::duration_cast<seconds>(now - *oldest_write);
  return "a write to the ledger has been under way for " + std::to_string(age.count()) +
         " s: look at its disk";
}

Monitor::Monitor(Parts parts)
    : parts_(std::move(parts)),
      server_(parts_.loop, parts_.log,
              {{"/metrics", [this] { return write_metrics(); }},
               {"/healthz", [this] { return write_health(); }}}) {}

boost::asio::awaitable<Page> Monitor::write_metrics() {
  const std::shared_ptr<SpoolService> spool = parts_.spool();
  std::optional<LedgerNumbers> numbers;
  try {
    numbers = co_await spool->ledger().questions().read_numbers(std::chrono::system_clock::now());
  } catch (const SqliteError&) {
    // The page says so by leaving them out; what is wrong is in the log when it keeps anything from being
    // sent.
  }
  MetricsView view = read_view(spool->dispatcher(), spool->intake());
  view.is_ledger_well = spool->ledger().is_healthy();
  view.ledger = numbers;
  view.process = read_process_usage();
  Page page;
  page.type = Metrics::content_type;
  page.text = parts_.metrics.write(view);
  co_return page;
}

boost::asio::awaitable<Page> Monitor::write_health() {
  const LedgerClient& ledger = parts_.spool()->ledger();
  const std::string illness = find_health_problem(ledger.is_healthy(), ledger.oldest_write(), steady_now());
  Page page;
  page.status = illness.empty() ? 200 : 503;
  page.text = (illness.empty() ? "ok" : illness) + "\n";
  co_return page;
}

}  // namespace reeld
