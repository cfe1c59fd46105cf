#include "submit/ledger_lookup.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ledger/sqlite.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_at_once = 256;
constexpr milliseconds pause_after_failure = std::chrono::seconds(1);

}  // namespace

void LedgerLookup::ask(ReadyPair pair) {
  to_ask_.push_back(std::move(pair));
  if (!std::exchange(is_asking_, true)) tasks_.spawn("ask the ledger", ask_all());
}

boost::asio::awaitable<void> LedgerLookup::ask_all() {
  while (!to_ask_.empty()) {
    const auto last = to_ask_.begin() + static_cast<std::ptrdiff_t>(std::min(to_ask_.size(), max_at_once));
    std::vector<ReadyPair> pairs(to_ask_.begin(), last);
    std::vector<LedgerQuestions::Found> found;
    std::string error;
    try {
      found = co_await ledger_.questions().find(pairs);
    } catch (const SqliteError& failure) {
      error = failure.what();
    }
    log_.note_ledger_read(error);
    if (!error.empty()) {
      co_await rests_.rest(pause_after_failure);
      if (!rests_.is_stopped()) continue;
      to_ask_.clear();
      break;
    }
    to_ask_.erase(to_ask_.begin(), to_ask_.begin() + static_cast<std::ptrdiff_t>(pairs.size()));
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (found[i].is_unread) {
        listener_.on_reading(pairs[i].job);
        to_read_.push_back(std::move(pairs[i]));
      } else {
        listener_.on_looked_up(pairs[i], std::move(found[i].recognition));
      }
    }
    if (!to_read_.empty() && !std::exchange(is_reading_, true))
      tasks_.spawn("read files that may be known", read_all());
    listener_.on_batch_looked_up();
  }
  is_asking_ = false;
}

boost::asio::awaitable<void> LedgerLookup::read_all() {
  while (!to_read_.empty() && !rests_.is_stopped()) {
    const ReadyPair pair = std::move(to_read_.front());
    to_read_.pop_front();
    ReadyPair copy = pair;
    std::shared_ptr<const Recognition> recognition;
    std::string error;
    bool is_late = false;
    try {
      recognition = co_await ledger_.questions().find_by_reading(std::move(copy));
      is_late = co_await is_overtaken(recognition);
    } catch (const SqliteError& failure) {
      error = failure.what();
    }
    log_.note_ledger_read(error);
    if (error.empty() && !is_late) {
      listener_.on_looked_up(pair, std::move(recognition));
      listener_.on_batch_looked_up();
    } else {
      to_read_.push_front(pair);
      co_await wait_to_ask_again(!error.empty());
    }
  }
  to_read_.clear();
  is_reading_ = false;
}

/// Its job's pair was found at a new place, of which the answer did not know: a copy would seem to be that
/// very job, or that job moved. Errors: SqliteError.
boost::asio::awaitable<bool> LedgerLookup::is_overtaken(std::shared_ptr<const Recognition> recognition) {
  if (!recognition || !recognition->known) co_return false;
  const KnownJob& known = *recognition->known;
  if (ledger_.is_moving(known.id)) co_return true;
  // Written while the files were read.
  const std::optional<JobRecord> now = co_await ledger_.questions().read(known.id);
  co_return now && now->job.name != known.name;
}

/// Until the next answer knows of all new places, or the ledger may be well again.
boost::asio::awaitable<void> LedgerLookup::wait_to_ask_again(bool has_failed) {
  const bool may_write = !has_failed && ledger_.is_healthy();  // else the ledger's own tries write them
  std::string error;
  if (may_write) error = co_await ledger_.write_posted();
  if (!may_write || !error.empty()) co_await rests_.rest(pause_after_failure);
}

}  // namespace reeld
