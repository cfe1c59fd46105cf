// What follows when the ledger has taken an attempt's end, or has failed to, or hangs over it.

#include "submit/dispatcher.hpp"

namespace reeld {

void Dispatcher::note_recorded(const JobName& name, PendingResult& ending, const std::string& error) {
  // It is in the log and, in a moment, in its folder; the ledger gets it when it can be written again.
  const Verdict verdict = ending.end.verdict;
  const bool is_paid = verdict == Verdict::accepted || verdict == Verdict::doubt;
  if (!error.empty() && is_paid) log_unrecorded(name, ending.end, error);
  if (error.empty() && ending.backfilled_job_id) ending.job = *ending.backfilled_job_id;
}

/// Its result is being written meanwhile, and may have been by the end of this.
boost::asio::awaitable<void> Dispatcher::watch_record(JobName name, EndRecord end,
                                                      std::shared_ptr<LedgerWrite> write,
                                                      std::shared_ptr<SlowRecord> slow) {
  co_await parts_.ledger.wait(write);
  slow->is_over = true;
  if (!write->error.empty()) log_unrecorded(name, end, write->error);
  if (slow->mark) parts_.ledger.post(std::move(slow->mark));
}

/// Never before the end itself: that would take the mark away again.
void Dispatcher::mark_published(const PendingResult* ending, const JobRecord& record, PairLeft left) {
  const auto backfilled_job_id = ending == nullptr ? nullptr : ending->backfilled_job_id;
  const bool is_left_behind = left == PairLeft::gone || left == PairLeft::replaced;
  auto mark = [job = record.job.id, told = record.job.state, backfilled_job_id,
               is_left_behind](LedgerStore& store) {
    store.mark_published_as(backfilled_job_id ? *backfilled_job_id : job, told, is_left_behind);
  };
  if (ending != nullptr && ending->slow_record && !ending->slow_record->is_over) {
    ending->slow_record->mark = std::move(mark);
  } else {
    parts_.ledger.post(std::move(mark));
  }
}

}  // namespace reeld
