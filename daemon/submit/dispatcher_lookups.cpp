// What the ledger knows of the pairs that intake has found: asked in batches, and, where an image has to be
// read for it, one at a time and off everybody's way.

#include "async/steady_now.hpp"
#include "core/kin_jobs.hpp"
#include "ledger/sqlite.hpp"
#include "submit/dispatcher.hpp"
#include "sys/file_status.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_at_once = 256;
constexpr milliseconds pause_after_failure = std::chrono::seconds(1);
constexpr milliseconds pause_before_proof = std::chrono::milliseconds(100);
constexpr std::size_t max_to_prove = 10'000;
constexpr std::size_t max_to_compare = 10'000;
constexpr std::size_t max_said_under_results = 10'000;

milliseconds time_until_repeat(const Recognition* recognition) {
  if (recognition == nullptr || !recognition->known || !recognition->known->repeat_at) return milliseconds(0);
  const auto wait = std::chrono::duration_cast<milliseconds>(*recognition->known->repeat_at -
                                                             std::chrono::system_clock::now());
  return std::max(wait, milliseconds(0));
}

/// Where a file system has no finer times than a second, that takes a second. A ctime in the future is no
/// reason to wait.
bool is_too_young(const ReadyPair& pair, SystemTime now) {
  const auto is_young = [now](const FileIdentity& stamp) {
    return !is_proof(stamp, now) && SystemTime(std::chrono::nanoseconds(stamp.ctime_ns)) <= now;
  };
  return is_young(pair.identity.prompt) || is_young(pair.identity.image);
}

}  // namespace

boost::asio::awaitable<void> Dispatcher::ask_ledger() {
  while (!to_ask_.empty()) {
    const auto last = to_ask_.begin() + static_cast<std::ptrdiff_t>(std::min(to_ask_.size(), max_at_once));
    std::vector<ReadyPair> pairs(to_ask_.begin(), last);
    std::vector<LedgerClient::Found> found;
    std::string error;
    try {
      found = co_await parts_.ledger.find(pairs);
    } catch (const SqliteError& failure) {
      error = failure.what();
    }
    note_ledger_read(error);
    if (!error.empty()) {
      co_await writer_.rest(pause_after_failure);
      if (commit_state_.is_open) continue;
      to_ask_.clear();
      break;
    }
    to_ask_.erase(to_ask_.begin(), to_ask_.begin() + static_cast<std::ptrdiff_t>(pairs.size()));
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (found[i].is_unread) {
        scheduler_.on_reading(pairs[i].job);
        to_read_.push_back(std::move(pairs[i]));
      } else {
        take_answer(pairs[i], std::move(found[i].recognition));
      }
    }
    if (!to_read_.empty() && !std::exchange(is_reading_, true))
      tasks_.spawn("read files that may be known", read_unread());
    advance();
  }
  is_asking_ = false;
}

boost::asio::awaitable<void> Dispatcher::read_unread() {
  while (!to_read_.empty() && commit_state_.is_open) {
    const ReadyPair pair = std::move(to_read_.front());
    to_read_.pop_front();
    ReadyPair copy = pair;
    std::shared_ptr<const Recognition> recognition;
    std::string error;
    try {
      recognition = co_await parts_.ledger.find_by_reading(std::move(copy));
    } catch (const SqliteError& failure) {
      error = failure.what();
    }
    note_ledger_read(error);
    if (error.empty()) {
      take_answer(pair, std::move(recognition));
      advance();
    } else {
      to_read_.push_front(pair);
      co_await writer_.rest(pause_after_failure);
    }
  }
  to_read_.clear();
  is_reading_ = false;
}

void Dispatcher::take_answer(const ReadyPair& pair, std::shared_ptr<const Recognition> recognition) {
  if (recognition && recognition->known) take_along(pair, *recognition);
  const milliseconds repeat_in = time_until_repeat(recognition.get());
  scheduler_.on_looked_up(pair, std::move(recognition), repeat_in, steady_now());
}

/// A pair that was sent as soon as it was complete has stamps that prove nothing. Once there is nothing else
/// to do they are old enough: it is read once more, so that no start has to.
void Dispatcher::note_published(ReadyPair pair, const JobRecord& record) {
  const PairProof& proof = record.intent.proof;
  if (!pair.keeps_stamps || (proof.prompt && proof.image) || to_prove_.size() >= max_to_prove) return;
  pair.identity = record.intent.pair;
  to_prove_.push_back(std::move(pair));
  if (!std::exchange(is_proving_, true)) tasks_.spawn("prove stamps", prove_stamps());
}

boost::asio::awaitable<void> Dispatcher::prove_stamps() {
  while (!to_prove_.empty() && commit_state_.is_open) {
    co_await writer_.rest(pause_before_proof);
    while (!to_prove_.empty() && commit_state_.is_open && scheduler_.lane().in_flight() == 0) {
      if (is_too_young(to_prove_.front(), std::chrono::system_clock::now())) break;
      ReadyPair pair = std::move(to_prove_.front());
      to_prove_.pop_front();
      ReadyPair copy = pair;
      std::shared_ptr<const Recognition> recognition;
      try {
        recognition = co_await parts_.ledger.find_by_reading(std::move(copy));
      } catch (const SqliteError&) {
        // It is read when it is met again.
      }
      if (recognition && recognition->known) take_along(pair, *recognition);
    }
  }
  to_prove_.clear();
  is_proving_ = false;
}

void Dispatcher::on_pair_under_result(ReadyPair pair) {
  if (scheduler_.contains(pair.job) || to_compare_.size() >= max_to_compare) return;
  to_compare_.insert_or_assign(pair.job, std::move(pair));
  if (!std::exchange(is_comparing_, true)) tasks_.spawn("compare pairs with results", compare_with_results());
}

boost::asio::awaitable<void> Dispatcher::compare_with_results() {
  while (!to_compare_.empty() && commit_state_.is_open) {
    const auto node = to_compare_.extract(to_compare_.begin());
    const ReadyPair& pair = node.mapped();
    PairLookup::UnderResult found;
    try {
      ReadyPair copy = pair;
      found = co_await parts_.ledger.compare_with_result(std::move(copy));
    } catch (const SqliteError&) {
      // Nothing depends on it.
    }
    if (found.same) take_along(pair, *found.same);
    if (found.same) said_under_result_.erase(pair.job);
    if (said_under_result_.size() >= max_said_under_results) said_under_result_.clear();
    if (found.other && said_under_result_.insert(pair.job).second) log_under_result(pair.job, *found.other);
  }
  to_compare_.clear();
  is_comparing_ = false;
}

/// The ledger learns where the pair of a job that stays as it is lies now, and what its files look like.
void Dispatcher::take_along(const ReadyPair& pair, const Recognition& recognition) {
  const bool is_the_job = recognition.match == PairMatch::same || recognition.match == PairMatch::moved;
  const std::int64_t id = recognition.known->id;
  if (!is_the_job) return;
  if (has_new_stamps(recognition)) {
    const KnownStamps stamps{recognition.found.stamps, recognition.found.digests, recognition.found.proof};
    parts_.ledger.post([id, stamps](LedgerStore& store) { store.take_stamps(id, stamps); });
  }
  if (recognition.match != PairMatch::moved || recognition.disposition != Disposition::finish) return;
  auto opened = open_folder_beneath(parts_.spool_fd, pair.job.folder);
  const auto* const folder = std::get_if<UniqueFd>(&opened);
  if (folder == nullptr) return;
  const NewPlace place{pair.job, identify_folder(folder->get()), pair.prompt_name, pair.image_name};
  parts_.ledger.post(
      [id, place](LedgerStore& store) { store.move_job(id, place, std::chrono::system_clock::now()); });
}

}  // namespace reeld
