#include "submit/pair_upkeep.hpp"

#include <utility>

#include "core/kin_jobs.hpp"
#include "ledger/sqlite.hpp"
#include "sys/file_status.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr milliseconds pause_before_proof = std::chrono::milliseconds(100);
constexpr std::size_t max_to_prove = 10'000;
constexpr std::size_t max_to_compare = 10'000;
constexpr std::size_t max_said_under_results = 10'000;

/// Where a file system has no finer times than a second, that takes a second. A ctime in the future is no
/// reason to wait.
bool is_too_young(const ReadyPair& pair, SystemTime now) {
  const auto is_young = [now](const FileIdentity& stamp) {
    return !is_proof(stamp, now) && SystemTime(std::chrono::nanoseconds(stamp.ctime_ns)) <= now;
  };
  return is_young(pair.identity.prompt) || is_young(pair.identity.image);
}

}  // namespace

void PairUpkeep::note_known(const ReadyPair& pair, const Recognition& recognition) {
  const bool is_the_job = recognition.match == PairMatch::same || recognition.match == PairMatch::moved;
  const bool is_half = recognition.match == PairMatch::half_replaced;
  const std::int64_t id = recognition.known->id;
  if (is_half && recognition.disposition == Disposition::finish) half_replaced_.insert(pair.job);
  if (!is_the_job) return;
  if (has_new_stamps(recognition)) {
    const KnownStamps stamps{recognition.found.stamps, recognition.found.digests, recognition.found.proof};
    parts_.ledger.post([id, stamps](LedgerStore& store) { store.take_stamps(id, stamps); });
  }
  if (recognition.match != PairMatch::moved || recognition.disposition != Disposition::finish) return;
  auto opened = open_folder_beneath(parts_.spool_fd, pair.job.folder);
  const auto* const folder = std::get_if<UniqueFd>(&opened);
  if (folder == nullptr) return;
  parts_.ledger.post_move(id, {pair.job, identify_folder(folder->get()), pair.prompt_name, pair.image_name});
}

void PairUpkeep::note_published(ReadyPair pair, const JobRecord& record) {
  const PairProof& proof = record.intent.proof;
  if (!pair.keeps_stamps || (proof.prompt && proof.image) || to_prove_.size() >= max_to_prove) return;
  pair.identity = record.intent.pair;
  to_prove_.push_back(std::move(pair));
  if (!std::exchange(is_proving_, true)) parts_.tasks.spawn("prove stamps", prove_stamps());
}

boost::asio::awaitable<void> PairUpkeep::prove_stamps() {
  while (!to_prove_.empty() && !parts_.rests.is_stopped()) {
    co_await parts_.rests.rest(pause_before_proof);
    while (!to_prove_.empty() && !parts_.rests.is_stopped() && parts_.is_at_leisure()) {
      if (is_too_young(to_prove_.front(), std::chrono::system_clock::now())) break;
      ReadyPair pair = std::move(to_prove_.front());
      to_prove_.pop_front();
      ReadyPair copy = pair;
      std::shared_ptr<const Recognition> recognition;
      try {
        recognition = co_await parts_.ledger.questions().find_by_reading(std::move(copy));
      } catch (const SqliteError&) {
        // It is read when it is met again.
      }
      if (recognition && recognition->known) note_known(pair, *recognition);
    }
  }
  to_prove_.clear();
  is_proving_ = false;
}

void PairUpkeep::note_under_result(ReadyPair pair) {
  if (to_compare_.size() >= max_to_compare) return;
  to_compare_.insert_or_assign(pair.job, std::move(pair));
  if (!std::exchange(is_comparing_, true))
    parts_.tasks.spawn("compare pairs with results", compare_with_results());
}

boost::asio::awaitable<void> PairUpkeep::compare_with_results() {
  while (!to_compare_.empty() && !parts_.rests.is_stopped()) {
    const auto node = to_compare_.extract(to_compare_.begin());
    const ReadyPair& pair = node.mapped();
    PairLookup::UnderResult found;
    try {
      ReadyPair copy = pair;
      found = co_await parts_.ledger.questions().compare_with_result(std::move(copy));
    } catch (const SqliteError&) {
      // Nothing depends on it.
    }
    if (found.same) note_known(pair, *found.same);
    if (found.same) said_under_result_.erase(pair.job);
    if (said_under_result_.size() >= max_said_under_results) said_under_result_.clear();
    if (found.other && said_under_result_.insert(pair.job).second)
      parts_.log.log_under_result(pair.job, *found.other);
  }
  to_compare_.clear();
  is_comparing_ = false;
}

}  // namespace reeld
