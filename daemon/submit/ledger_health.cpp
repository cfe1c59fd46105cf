#include "submit/ledger_health.hpp"

#include <algorithm>
#include <utility>

#include "async/steady_now.hpp"
#include "log/log_events.hpp"

namespace reeld {
namespace {

constexpr milliseconds first_pause = std::chrono::seconds(1);
constexpr milliseconds max_pause = std::chrono::minutes(1);

}  // namespace

bool LedgerHealth::note_failure(const std::string& error) {
  const bool is_news = std::exchange(is_healthy_, false);
  if (is_news) {
    log_.error(event::ledger_failed, "the ledger cannot be written: nothing more is sent until it can",
               {{"reason", error}});
    pause_ = first_pause;
  } else if (!retry_timer_.is_set()) {
    // Of what fails while a retry is due each would put it off again.
    pause_ = std::min(pause_ * 2, max_pause);
  }
  if (!is_stopped_) retry_timer_.set(steady_now() + pause_);
  return is_news;
}

bool LedgerHealth::note_success() {
  if (std::exchange(is_healthy_, true)) return false;
  log_.info(event::ledger_recovered, "the ledger can be written again: sending goes on");
  return true;
}

void LedgerHealth::stop() {
  is_stopped_ = true;
  retry_timer_.cancel();
}

}  // namespace reeld
