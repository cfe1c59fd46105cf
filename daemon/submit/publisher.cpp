#include "submit/publisher.hpp"

#include <functional>
#include <string>

#include "async/offload.hpp"
#include "async/steady_now.hpp"
#include "core/backoff.hpp"
#include "core/spool_name.hpp"
#include "ledger/sqlite.hpp"
#include "spool/pair_at.hpp"
#include "spool/result_text.hpp"
#include "submit/publishing.hpp"
#include "sys/file_status.hpp"

namespace reeld {
namespace {

/// In memory, or opened where the pair is by now.
class ResultFolder {
 public:
  ResultFolder(int spool_fd, const JobRecord& record, const PendingResult* pending) {
    if (pending != nullptr && pending->snapshot) {
      fd_ = pending->snapshot->folder.get();
    } else {
      opened_ = open_folder_of(spool_fd, record);
      fd_ = opened_.get();
    }
  }
  /// -1: it is gone.
  int get() const { return fd_; }

 private:
  UniqueFd opened_;
  int fd_ = -1;
};

constexpr milliseconds first_search_pause = std::chrono::minutes(5);
constexpr milliseconds max_search_pause = std::chrono::hours(24);

bool is_accepted(const JobRecord& record) {
  return record.job.state == LedgerState::accepted;
}

bool is_paid_for(const JobRecord& record) {
  return is_accepted(record) || record.job.state == LedgerState::doubt;
}

}  // namespace

boost::asio::awaitable<void> Publisher::publish(Action action) {
  const JobName name = action.pair.job;
  // While it is in hand nobody else may write what the ledger owes of it.
  const auto turn = co_await take_turn(parts_.pending.find_number(action));
  const JobRecord record = co_await find_record(action);
  // Settled by a person meanwhile: there is nothing to tell any more.
  if (!is_paid_for(record)) co_return;
  const PendingResult* const pending = parts_.pending.find(name);
  const ResultFolder folder(parts_.spool_fd, record, pending);
  ResultText result = build_result(record);
  Written written = Written::no_folder;
  PairLeft left = PairLeft::whole;
  bool is_aside = false;
  if (folder.get() >= 0) {
    left = co_await find_left(folder.get(), record, false);
    bool is_published_now = false;
    if (left != PairLeft::whole) is_published_now = co_await is_published(record.job.id);
    written = Written::unwanted;
    const Place place = co_await choose_place(folder.get(), record, left);
    if (!is_published_now && place != Place::later) {
      is_aside = place == Place::aside;
      if (is_aside) result.file = aside_name(record, result.file);
      ResultJob job(name, folder.get(), result.file, std::move(result.text));
      job.is_paid = is_accepted(record);
      written = co_await parts_.writer.write(std::move(job));
    }
  }
  if (written == Written::no_folder && record.job.id != 0) note_undeliverable(record);
  if (written == Written::yes) {
    if (is_aside) parts_.log.log_set_aside(record, result.file);
    if (left == PairLeft::half) parts_.log.log_half_replaced(record, result.file);
    if (left == PairLeft::replaced && !is_aside) parts_.log.log_beside_others(record, result.file);
    if (left == PairLeft::whole) parts_.upkeep.note_published(action.pair, record);
    parts_.recorder.mark_published(parts_.pending.find(name), record, left);
  }
  log_end(record);
}

void Publisher::log_end(const JobRecord& record) {
  is_accepted(record) ? parts_.log.log_accepted(record) : parts_.log.log_doubt(record);
}

boost::asio::awaitable<bool> Publisher::move_result(Action action) {
  const auto turn = co_await turns_.take(action.known()->id);
  const UniqueFd folder = open_result_folder(parts_.spool_fd, action.pair.job.folder);
  std::optional<JobRecord> record;
  if (folder) record = co_await read_record(action.known()->id);
  if (!record) {
    undeliverable_.try_emplace(action.known()->id);
    co_return false;
  }
  // Settled, or released, by a person meanwhile; or taken along to another place, beside which this pair may
  // be a copy.
  const bool is_as_known =
      record->job.state == action.known()->state && record->job.name == action.known()->name;
  if (!is_as_known) co_return true;
  co_await move(std::move(action), std::move(*record), folder.get());
  co_return false;
}

boost::asio::awaitable<void> Publisher::move(Action action, JobRecord record, int folder_fd) {
  const JobName name = action.pair.job;
  const JobRecord before = record;
  const bool is_refused = before.job.state == LedgerState::refused;
  parts_.log.log_taken_along(before, name);
  NewPlace place{name, identify_folder(folder_fd), action.pair.prompt_name, action.pair.image_name};
  const std::string error = co_await parts_.ledger.write_move(before.job.id, std::move(place));
  // What was posted goes before it: by now the ledger knows whether the result was written meanwhile. Where
  // the pair was no more it is taken along; beside the pair it stays as people have left it.
  const std::optional<JobRecord> after = co_await read_record(before.job.id);
  if (after && after->job.is_published && !after->job.is_left_behind) co_return;
  record.job.name = name;
  ResultText result = build_result(record);
  ResultJob job(name, folder_fd, std::move(result.file), std::move(result.text));
  job.is_paid = is_accepted(record);
  // Never beside files that have come instead. Nothing is lost if a refusal is never told; what is paid for
  // is owed.
  job.is_wanted = [this, pair = action.pair, folder_fd] {
    return is_still_about(parts_.scheduler, pair, folder_fd);
  };
  const Written written = co_await parts_.writer.write(std::move(job));
  if (written != Written::yes) {
    if (!is_refused) undeliverable_.try_emplace(before.job.id);
    co_return;
  }
  if (is_refused) parts_.log.log_refused(name, record.end, record.attempts);
  co_await mark_published_as(parts_.ledger, before.job.id, before.job.state);
  if (!error.empty()) co_return;
  auto work = [fd = parts_.spool_fd, before, name] { return remove_stale_copy(fd, before, name); };
  co_await offload(parts_.workers, std::move(work));
}

void Publisher::publish_backlog(const std::vector<std::int64_t>& jobs) {
  for (const std::int64_t job : jobs) {
    if (!turns_.is_taken(job)) parts_.tasks.spawn("write a result that is owed", publish_late(job, true));
  }
}

bool Publisher::is_search_due(Undelivered& one) {
  const SteadyTime now = steady_now();
  if (now < one.next_search) return false;
  one.next_search = now + back_off(first_search_pause, one.searches++, max_search_pause);
  return true;
}

void Publisher::retry_undeliverable() {
  std::vector<std::int64_t> jobs;
  for (const auto& [job, one] : undeliverable_) jobs.push_back(job);
  for (const std::int64_t job : jobs) {
    if (turns_.is_taken(job)) continue;
    const bool may_search = is_search_due(undeliverable_[job]);
    parts_.tasks.spawn("write a result that is owed", publish_late(job, may_search));
  }
}

boost::asio::awaitable<void> Publisher::publish_late(std::int64_t id, bool may_search) {
  const auto turn = co_await turns_.take(id);
  const std::optional<JobRecord> record = co_await read_record(id);
  if (!record && parts_.log.is_ledger_unreadable()) {
    undeliverable_.try_emplace(id);
    co_return;
  }
  if (!record || record->job.is_published || !is_paid_for(*record)) {
    undeliverable_.erase(id);
    co_return;
  }
  const LateName late(parts_.commit_state, record->job.name);
  auto work = [fd = parts_.spool_fd, record = *record, may_search] {
    return may_search ? find_folder_of(fd, record) : open_folder_of(fd, record);
  };
  const UniqueFd folder = co_await offload(parts_.workers, std::move(work));
  if (!folder) {
    note_undeliverable(*record);
    co_return;
  }
  ResultText result = build_result(*record);
  const PairLeft left = co_await find_left(folder.get(), *record, true);
  const Place place = co_await choose_place(folder.get(), *record, left);
  if (place == Place::later) co_return;
  const bool is_aside = place == Place::aside;
  const std::string file = is_aside ? aside_name(*record, result.file) : result.file;
  ResultJob job(record->job.name, folder.get(), file, std::move(result.text));
  job.is_paid = is_accepted(*record);
  // Its pair was found elsewhere: whoever waits writes it there.
  job.is_wanted = [this, id] { return !turns_.is_awaited(id); };
  const Written written = co_await parts_.writer.write(std::move(job));
  if (written == Written::no_folder) undeliverable_.try_emplace(id);
  if (written != Written::yes) co_return;
  undeliverable_.erase(id);
  if (left == PairLeft::replaced && !is_aside) parts_.log.log_beside_others(*record, file);
  parts_.recorder.mark_published(nullptr, *record, left);
  is_aside ? parts_.log.log_set_aside(*record, file) : parts_.log.log_late(*record, file);
  if (left == PairLeft::half) parts_.log.log_half_replaced(*record, file);
  if (record->job.state == LedgerState::doubt) parts_.log.log_doubt(*record);
}

/// What the ledger holds of the job, or would hold if it could be written.
boost::asio::awaitable<JobRecord> Publisher::find_record(const Action& action) {
  const std::int64_t id = parts_.pending.find_number(action);
  // Of a doubt that was repeated, the first attempt counts too.
  const bool is_in_ledger = action.verdict == Verdict::doubt && id != 0 && parts_.ledger.is_healthy();
  std::optional<JobRecord> stored;
  if (is_in_ledger) stored = co_await read_record(id);
  // An end that is still to be written there is known here alone.
  if (stored && stored->job.state != LedgerState::intended) co_return std::move(*stored);
  JobRecord out;
  if (const PendingResult* const pending = parts_.pending.find(action.pair.job)) {
    out = pending->describe();
  } else {
    out.job.pair = action.pair.identity;
  }
  out.job.id = id;
  out.job.name = action.pair.job;
  out.job.state = action.verdict == Verdict::accepted ? LedgerState::accepted : LedgerState::doubt;
  co_return out;
}

/// What cannot be read is as if it were not there.
boost::asio::awaitable<std::optional<JobRecord>> Publisher::read_record(std::int64_t id) {
  std::optional<JobRecord> out;
  std::string error;
  try {
    out = co_await parts_.ledger.questions().read(id);
  } catch (const SqliteError& failure) {
    error = failure.what();
  }
  parts_.log.note_ledger_read(error);
  co_return out;
}

boost::asio::awaitable<bool> Publisher::is_published(std::int64_t id) {
  std::optional<JobRecord> record;
  if (id != 0) record = co_await read_record(id);
  co_return record && record->job.is_published;
}

/// Null: the ledger does not know the job.
boost::asio::awaitable<std::unique_ptr<JobTurns::Turn>> Publisher::take_turn(std::int64_t id) {
  std::unique_ptr<JobTurns::Turn> turn;
  if (id != 0) turn = co_await turns_.take(id);
  co_return turn;
}

void Publisher::note_undeliverable(const JobRecord& record) {
  if (!undeliverable_.try_emplace(record.job.id).second) return;
  const ResultText result = build_result(record);
  parts_.log.log_undeliverable(record.job.name, result.file, is_accepted(record) ? result.text : "");
}

boost::asio::awaitable<Publisher::Place> Publisher::choose_place(int folder_fd, const JobRecord& record,
                                                                 PairLeft left) {
  if (left != PairLeft::replaced) co_return Place::here;
  if (is_accepted(record)) co_return Place::aside;
  if (record.job.id == 0) co_return Place::here;
  const Place place = co_await choose_beside_others(folder_fd, record);
  if (place == Place::later) undeliverable_.try_emplace(record.job.id);
  co_return place;
}

/// A doubt is told beside new files, which wait for a person then. Files of another job have a result, or one
/// to come (two pairs have exchanged their names): it is not put over that.
boost::asio::awaitable<Publisher::Place> Publisher::choose_beside_others(int folder_fd,
                                                                         const JobRecord& record) {
  auto work = [folder_fd, name = record.job.name] { return find_pair_at(folder_fd, name); };
  std::optional<PairAt> there = co_await offload(parts_.workers, std::move(work));
  if (!there) co_return Place::here;
  std::shared_ptr<const Recognition> found;
  try {
    found = co_await parts_.ledger.questions().find_by_reading(std::move(there->pair));
  } catch (const SqliteError& failure) {
    parts_.log.note_ledger_read(failure.what());
  }
  if (!found || !found->known || found->known->id == record.job.id) co_return Place::here;
  const bool is_to_come =
      found->disposition == Disposition::move_result || found->disposition == Disposition::wait;
  co_return is_to_come && !there->has_result ? Place::later : Place::aside;
}

boost::asio::awaitable<PairLeft> Publisher::find_left(int folder_fd, const JobRecord& record, bool is_start) {
  if (holds_pair_untouched(folder_fd, record)) co_return PairLeft::whole;
  auto work = [folder_fd, record, is_start, seed = parts_.ledger.questions().digest_seed()] {
    return reeld::find_left(folder_fd, record, seed, is_start);
  };
  const PairLeft left = co_await offload(parts_.workers, std::move(work));
  co_return left;
}

}  // namespace reeld
