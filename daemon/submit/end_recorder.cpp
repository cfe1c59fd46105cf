#include "submit/end_recorder.hpp"

#include <optional>
#include <string>
#include <utility>

#include "async/offload.hpp"
#include "submit/end_record.hpp"
#include "sys/sha256.hpp"

namespace reeld {

using LedgerRun = std::function<void(LedgerStore&)>;

boost::asio::awaitable<void> EndRecorder::record(Action action, milliseconds doubt_pause) {
  const JobName name = action.pair.job;
  PendingResult& pending = pending_.at(name);
  take_ruling(action, pending.end);
  if (action.verdict == Verdict::doubt && pending.snapshot) {
    auto work = [fd = pending.snapshot->image_file.fd.get()] { return hash_file(fd).value_or(""); };
    std::string digest = co_await offload(workers_, std::move(work));
    pending.end.image_sha256 = std::move(digest);
    if (action.is_repeat) pending.end.repeat_at = std::chrono::system_clock::now() + doubt_pause;
  }
  const auto namesake = std::make_shared<std::optional<JobName>>();
  LedgerRun run = [end = pending.end, namesake](LedgerStore& store) {
    store.end_attempt(end);
    *namesake = store.find_namesake(end);
  };
  if (pending.backfilled_job_id) {
    run = [intent = pending.intent, end = pending.end,
           backfilled_job_id = pending.backfilled_job_id](LedgerStore& store) {
      *backfilled_job_id = store.add_intent(intent).job;
      store.end_attempt(end);
    };
  }
  const auto write = ledger_.begin_kept(std::move(run));
  bool is_over = true;
  if (action.verdict == Verdict::accepted) {
    is_over = co_await ledger_.wait_a_while(write);
  } else {
    co_await ledger_.wait(write);
  }
  if (is_over) {
    note_recorded(name, pending, write->error);
    if (write->error.empty() && *namesake) log_.log_namesake(name, pending.end, **namesake);
  } else {
    // A disk that hangs must not hide a paid answer.
    pending.slow_record = std::make_shared<SlowRecord>();
    tasks_.spawn("await a slow record", watch(name, pending.end, write, pending.slow_record));
  }
}

void EndRecorder::note_recorded(const JobName& name, PendingResult& pending, const std::string& error) {
  // It is in the log and, in a moment, in its folder; the ledger gets it when it can be written again.
  const Verdict verdict = pending.end.verdict;
  const bool is_paid = verdict == Verdict::accepted || verdict == Verdict::doubt;
  if (!error.empty() && is_paid) log_.log_unrecorded(name, pending.end, error);
  if (error.empty() && pending.backfilled_job_id) pending.job = *pending.backfilled_job_id;
}

/// Its result is being written meanwhile, and may have been by the end of this.
boost::asio::awaitable<void> EndRecorder::watch(JobName name, EndRecord end,
                                                std::shared_ptr<LedgerWrite> write,
                                                std::shared_ptr<SlowRecord> slow) {
  co_await ledger_.wait(write);
  slow->is_over = true;
  if (!write->error.empty()) log_.log_unrecorded(name, end, write->error);
  if (slow->mark) ledger_.post(std::move(slow->mark));
}

void EndRecorder::mark_published(const PendingResult* pending, const JobRecord& record, PairLeft left) {
  const auto backfilled_job_id = pending == nullptr ? nullptr : pending->backfilled_job_id;
  const bool is_left_behind = left == PairLeft::gone || left == PairLeft::replaced;
  auto mark = [job = record.job.id, told = record.job.state, backfilled_job_id,
               is_left_behind](LedgerStore& store) {
    store.mark_published_as(backfilled_job_id ? *backfilled_job_id : job, told, is_left_behind);
  };
  if (pending != nullptr && pending->slow_record && !pending->slow_record->is_over) {
    pending->slow_record->mark = std::move(mark);
  } else {
    ledger_.post(std::move(mark));
  }
}

}  // namespace reeld
