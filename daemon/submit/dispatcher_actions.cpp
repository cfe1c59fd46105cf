// The actions that take time: each is a coroutine that does what scheduler/job_scheduler has decided and
// tells it how that ended.

#include "async/offload.hpp"
#include "async/steady_now.hpp"
#include "core/spool_name.hpp"
#include "ledger/sqlite.hpp"
#include "log/log_events.hpp"
#include "spool/result_place.hpp"
#include "spool/result_text.hpp"
#include "submit/dispatcher.hpp"
#include "submit/end_record.hpp"
#include "sys/file_status.hpp"
#include "sys/sha256.hpp"

namespace reeld {
namespace {

using LedgerRun = std::function<void(LedgerStore&)>;

SystemTime system_now() {
  return std::chrono::system_clock::now();
}

/// It may be paid for, came before the gate was reached, and the ledger could not be written just then.
bool lacks_intent(const AttemptReport& report) {
  return report.kind == AttemptReport::Kind::judged && may_be_paid(report) && !report.gate.has_intent &&
         !report.gate.is_known;
}

/// The server's word, and not that of a proxy before it, came before the request had been read.
bool is_early_5xx(const AttemptReport& report) {
  const ExchangeEnd& end = report.end;
  const auto& reply = end.reply ? end.reply : end.cut_reply;
  return report.judgement.verdict == Verdict::unsent && !end.committed && !end.proxy_reply && reply &&
         reply->status >= 500;
}

AttemptOutcome describe_outcome(const AttemptReport& report) {
  AttemptOutcome out;
  out.kind = report.kind;
  const bool is_verdict =
      report.kind == AttemptReport::Kind::judged || report.kind == AttemptReport::Kind::refused;
  out.verdict = is_verdict ? report.judgement.verdict : Verdict::unsent;
  out.wait = report.judgement.wait;
  out.has_sent_body = report.end.body_bytes_sent > 0 || report.end.body_may_have_begun;
  out.has_intent = report.gate.has_intent || lacks_intent(report);
  out.is_early_5xx = is_early_5xx(report);
  out.is_created = out.verdict == Verdict::refused && may_be_paid(report);
  out.about = report.judgement.about;
  out.likeness = report.judgement.likeness;
  if (!out.likeness.empty()) out.fields = report.intent.fields;
  return out;
}

UniqueFd open_folder(int spool_fd, const std::string& path) {
  auto opened = open_folder_beneath(spool_fd, path);
  auto* const fd = std::get_if<UniqueFd>(&opened);
  return fd == nullptr ? UniqueFd() : std::move(*fd);
}

}  // namespace

Dispatcher::PendingResult::PendingResult(const AttemptPlan& plan, AttemptReport report)
    : intent(report.intent),
      end(make_end_record(report, plan)),
      job(report.gate.job),
      attempts(plan.action.attempt - (report.kind == AttemptReport::Kind::judged ? 0 : 1)) {
  snapshot = std::move(report.snapshot);
}

boost::asio::awaitable<void> Dispatcher::run_job(Action action) {
  const auto queued = std::chrono::duration_cast<milliseconds>(steady_now() - action.ready_at);
  AttemptPlan plan(std::move(action), context_, parts_.spool_fd, parts_.workers, parts_.log, commit_state_,
                   parts_.ledger);
  plan.queued = queued;
  const auto earlier = pending_results_.find(plan.pair().job);
  if (earlier != pending_results_.end() && is_same_file(earlier->second.intent.pair, plan.pair().identity))
    plan.earlier_key = earlier->second.intent.idempotency_key;
  AttemptReport report = co_await run_attempt(plan);
  end_job(std::move(plan), std::move(report));
}

void Dispatcher::end_job(AttemptPlan plan, AttemptReport report) {
  const JobName name = plan.pair().job;
  log_end(plan, report);
  const std::string reason = report.judgement.reason;
  const std::uint64_t ticket = plan.action.ticket;
  const AttemptOutcome outcome = describe_outcome(report);
  // A repeat that never came to an intent is still about the job that is in doubt.
  const bool is_late = lacks_intent(report);
  const auto earlier = pending_results_.find(name);
  const std::int64_t known = plan.action.known() != nullptr ? plan.action.known()->id : 0;
  const std::int64_t job = earlier != pending_results_.end() ? earlier->second.job : known;
  const auto earlier_late = earlier != pending_results_.end() ? earlier->second.backfilled_job_id : nullptr;
  pending_results_.erase(name);
  const auto ending = pending_results_.emplace(name, PendingResult(plan, std::move(report))).first;
  if (plan.action.is_repeat && ending->second.job == 0) {
    ending->second.job = job;
    ending->second.backfilled_job_id = earlier_late;
  }
  if (is_late) {
    ending->second.backfilled_job_id = std::make_shared<std::int64_t>(0);
    // The first intent is voided, should it turn out to have been written.
    ending->second.intent.token = ending->second.end.token = parts_.ledger.make_token();
  }
  const double jitter = std::uniform_real_distribution<double>(0.0, 1.0)(dice_);
  log_lane(scheduler_.on_ended(name, ticket, outcome, steady_now(), jitter), reason);
  const bool is_progress = outcome.verdict == Verdict::accepted || outcome.verdict == Verdict::refused ||
                           outcome.verdict == Verdict::doubt;
  if (is_progress) last_progress_ = steady_now();
  setback_ = is_progress ? "" : reason;
  drop_snapshot_of_waiting(name);
  advance();
}

boost::asio::awaitable<void> Dispatcher::record_end(Action action) {
  const JobName name = action.pair.job;
  PendingResult& ending = pending_results_.at(name);
  take_ruling(action, ending.end);
  if (action.verdict == Verdict::doubt && ending.snapshot) {
    auto work = [fd = ending.snapshot->image_file.fd.get()] { return hash_file(fd).value_or(""); };
    std::string digest = co_await offload(parts_.workers, std::move(work));
    ending.end.image_sha256 = std::move(digest);
    if (action.is_repeat) ending.end.repeat_at = system_now() + context_->settings.submit.lane.doubt_pause;
  }
  const auto namesake = std::make_shared<std::optional<JobName>>();
  LedgerRun run = [end = ending.end, namesake](LedgerStore& store) {
    store.end_attempt(end);
    *namesake = store.find_namesake(end);
  };
  if (ending.backfilled_job_id) {
    run = [intent = ending.intent, end = ending.end,
           backfilled_job_id = ending.backfilled_job_id](LedgerStore& store) {
      const IntentAnswer answer = store.add_intent(intent);
      // Written before, after all.
      const bool is_it =
          answer.known && answer.known->name == intent.job && is_same_file(answer.known->pair, intent.pair);
      *backfilled_job_id = is_it ? answer.known->id : answer.job;
      if (!answer.known) store.end_attempt(end);
    };
  }
  const auto write = parts_.ledger.begin_kept(std::move(run));
  bool is_over = true;
  if (action.verdict == Verdict::accepted) {
    is_over = co_await parts_.ledger.wait_a_while(write);
  } else {
    co_await parts_.ledger.wait(write);
  }
  if (is_over) {
    note_recorded(name, ending, write->error);
    if (write->error.empty() && *namesake) log_namesake(name, ending.end, **namesake);
  } else {
    // A disk that hangs must not hide a paid answer.
    ending.slow_record = std::make_shared<SlowRecord>();
    tasks_.spawn("await a slow record", watch_record(name, ending.end, write, ending.slow_record));
  }
  scheduler_.on_recorded(name, steady_now());
  drop_snapshot_of_waiting(name);
  advance();
}

/// What waits is opened anew when its turn comes: descriptors are few.
void Dispatcher::drop_snapshot_of_waiting(const JobName& name) {
  const JobStage stage = scheduler_.stage_of(name);
  const auto ending = pending_results_.find(name);
  if (ending != pending_results_.end() &&
      (stage == JobStage::waiting || stage == JobStage::parked || stage == JobStage::suspected))
    ending->second.snapshot.reset();
}

/// What the ledger holds of the job, or would hold if it could be written.
boost::asio::awaitable<JobRecord> Dispatcher::find_record(const Action& action) {
  const auto ending = pending_results_.find(action.pair.job);
  const std::int64_t known = action.known() != nullptr ? action.known()->id : 0;
  const std::int64_t id = ending != pending_results_.end() ? ending->second.job : known;
  // Of a doubt that was repeated, the first attempt counts too.
  const bool is_in_ledger = action.verdict == Verdict::doubt && id != 0 && parts_.ledger.is_healthy();
  std::optional<JobRecord> stored;
  if (is_in_ledger) stored = co_await read_record(id);
  // An end that is still to be written there is known here alone.
  if (stored && stored->job.state != LedgerState::intended) co_return std::move(*stored);
  JobRecord out;
  out.job.id = id;
  out.job.name = action.pair.job;
  out.job.pair = action.pair.identity;
  out.job.state = action.verdict == Verdict::accepted ? LedgerState::accepted : LedgerState::doubt;
  if (const auto again = pending_results_.find(action.pair.job); again != pending_results_.end()) {
    out.intent = again->second.intent;
    out.end = again->second.end;
    out.attempts = again->second.attempts;
    out.folder = out.intent.folder;
    out.job.pair = out.intent.pair;
    out.job.digests = out.intent.digests;
    out.job.prompt_name = out.intent.prompt_name;
    out.job.image_name = out.intent.image_name;
  }
  co_return out;
}

/// What cannot be read is as if it were not there.
boost::asio::awaitable<std::optional<JobRecord>> Dispatcher::read_record(std::int64_t id) {
  std::optional<JobRecord> out;
  std::string error;
  try {
    out = co_await parts_.ledger.read(id);
  } catch (const SqliteError& failure) {
    error = failure.what();
  }
  note_ledger_read(error);
  co_return out;
}

boost::asio::awaitable<bool> Dispatcher::is_published(std::int64_t id) {
  std::optional<JobRecord> record;
  if (id != 0) record = co_await read_record(id);
  co_return record && record->job.is_published;
}

/// Null: the ledger does not know the job.
boost::asio::awaitable<std::unique_ptr<JobTurns::Turn>> Dispatcher::take_turn(const Action& action) {
  const auto ending = pending_results_.find(action.pair.job);
  const std::int64_t known = action.known() != nullptr ? action.known()->id : 0;
  const std::int64_t id = ending != pending_results_.end() ? ending->second.job : known;
  std::unique_ptr<JobTurns::Turn> turn;
  if (id != 0) turn = co_await turns_.take(id);
  co_return turn;
}

boost::asio::awaitable<void> Dispatcher::publish(Action action) {
  const JobName name = action.pair.job;
  if (action.verdict == Verdict::refused) {
    co_await publish_refusal(action);
  } else {
    // While it is in hand nobody else may write what the ledger owes of it.
    const auto turn = co_await take_turn(action);
    const JobRecord record = co_await find_record(action);
    if (record.job.state != LedgerState::accepted && record.job.state != LedgerState::doubt) {
      // Settled by a person meanwhile: there is nothing to tell any more.
      scheduler_.on_published(name);
      advance();
      co_return;
    }
    ResultText result = build_result(record);
    const auto ending = pending_results_.find(name);
    UniqueFd opened;
    int folder = -1;
    if (ending != pending_results_.end() && ending->second.snapshot) {
      folder = ending->second.snapshot->folder.get();
    } else {
      opened = open_folder_of(parts_.spool_fd, record);
      folder = opened.get();
    }
    Written written = Written::no_folder;
    bool is_set_aside = false;
    PairLeft left = PairLeft::whole;
    if (folder >= 0) left = co_await find_left(folder, record, false);
    bool is_published_now = false;
    if (left != PairLeft::whole) is_published_now = co_await is_published(record.job.id);
    if (is_published_now) written = Written::unwanted;
    if (folder >= 0 && !is_published_now) {
      is_set_aside = left == PairLeft::replaced && record.job.state == LedgerState::accepted;
      if (is_set_aside) result.file = aside_name(record, result.file);
      ResultJob job(name, folder, result.file, std::move(result.text));
      job.is_paid = record.job.state == LedgerState::accepted;
      written = co_await writer_.write(std::move(job));
    }
    if (written == Written::no_folder && record.job.id != 0) note_undeliverable(record);
    if (written == Written::yes) {
      if (is_set_aside) log_set_aside(record, result.file);
      if (left == PairLeft::half) log_half_replaced(record, result.file);
      if (left == PairLeft::replaced && !is_set_aside) log_beside_others(record, result.file);
      if (left == PairLeft::whole) note_published(action.pair, record);
      mark_published(ending != pending_results_.end() ? &ending->second : nullptr, record, left);
    }
    if (record.job.state == LedgerState::accepted) {
      log_accepted(record);
    } else {
      log_doubt(record);
    }
  }
  scheduler_.on_published(name);
  advance();
}

/// Each scan tries again.
void Dispatcher::note_undeliverable(const JobRecord& record) {
  if (!undeliverable_.insert(record.job.id).second) return;
  const ResultText result = build_result(record);
  log_undeliverable(record.job.name, result.file,
                    record.job.state == LedgerState::accepted ? result.text : "");
}

boost::asio::awaitable<PairLeft> Dispatcher::find_left(int folder, const JobRecord& record, bool is_start) {
  if (holds_pair_untouched(folder, record)) co_return PairLeft::whole;
  auto work = [folder, record, is_start, seed = parts_.ledger.digest_seed()] {
    return reeld::find_left(folder, record, seed, is_start);
  };
  const PairLeft left = co_await offload(parts_.workers, std::move(work));
  co_return left;
}

/// Whether a refusal of that pair would still be about what lies there.
bool Dispatcher::is_still_about(const ReadyPair& pair, int folder_fd) const {
  return !scheduler_.is_superseded(pair.job) &&
         holds_pair(folder_fd, pair.prompt_name, pair.image_name, pair.identity);
}

boost::asio::awaitable<void> Dispatcher::publish_refusal(const Action& action) {
  const JobName name = action.pair.job;
  const auto ending = pending_results_.find(name);
  const bool is_tried = ending != pending_results_.end() && !action.pair.prompt_name.empty();
  EndRecord end;
  if (is_tried) {
    take_ruling(action, ending->second.end);
    end = ending->second.end;
  } else {
    end.reason = bad_reasons_[name];
    end.at = system_now();
  }
  end.verdict = Verdict::refused;
  bad_reasons_.erase(name);
  const std::uint64_t attempts = is_tried ? ending->second.attempts : 0;
  const UniqueFd folder = open_folder(parts_.spool_fd, name.folder);
  if (!folder) co_return;  // gone, and the pair with it: intake will say so
  const std::string text = build_error_text(end, attempts);
  ResultJob job(name, folder.get(), error_result_name(name.stem), text);
  // Never beside files that have come instead of those that were refused.
  job.is_wanted = [this, is_tried, pair = action.pair, fd = folder.get()] {
    return is_tried ? is_still_about(pair, fd) : !scheduler_.is_superseded(pair.job);
  };
  const Written written = co_await writer_.write(std::move(job));
  if (written != Written::yes) co_return;  // the ledger remembers that nobody was told
  log_refused(name, end, attempts);
  if (is_tried) told_refusals_.note(name, digest_bytes(std::as_bytes(std::span(text)), 0));
  if (is_tried && pending_results_.at(name).job != 0)
    co_await mark_published_as(pending_results_.at(name).job, LedgerState::refused);
}

/// Awaited, for removing the error file runs the pair again, and may come at once.
boost::asio::awaitable<void> Dispatcher::mark_published_as(std::int64_t job, LedgerState told) {
  LedgerRun run = [job, told](LedgerStore& store) { store.mark_published_as(job, told, false); };
  co_await parts_.ledger.write(std::move(run));
}

/// The pair was moved, or was refused and not told: its job goes with it, and then its result.
boost::asio::awaitable<void> Dispatcher::move_result(Action action) {
  const JobName name = action.pair.job;
  const auto turn = co_await turns_.take(action.known()->id);
  const UniqueFd folder = open_folder(parts_.spool_fd, name.folder);
  std::optional<JobRecord> record;
  if (folder) record = co_await read_record(action.known()->id);
  // Settled, or released, by a person meanwhile.
  const bool is_another = record && record->job.state != action.known()->state;
  if (record && !is_another) {
    const JobRecord before = *record;
    const bool is_refused = before.job.state == LedgerState::refused;
    parts_.log.warning(
        event::pair_known,
        before.job.name == name
            ? "this pair was submitted before, and its result was not written; it is now"
            : "this pair was submitted before, under another name; its result goes with it",
        {{"job", name.text()}, {"was", before.job.name.text()}, {"state", word_of(before.job.state)}});
    const FolderIdentity identity = identify_folder(folder.get());
    const NewPlace place{name, identity, action.pair.prompt_name, action.pair.image_name};
    LedgerRun run = [id = before.job.id, place](LedgerStore& store) {
      store.move_job(id, place, system_now());
    };
    const std::string error = co_await parts_.ledger.write(std::move(run));
    // What was posted goes before it: by now the ledger knows whether the result was written meanwhile. Where
    // the pair was no more it is taken along; beside the pair it stays as people have left it.
    const std::optional<JobRecord> after = co_await read_record(before.job.id);
    if (after && after->job.is_published && !after->job.is_left_behind) {
      scheduler_.on_published(name);
      advance();
      co_return;
    }
    record->job.name = name;
    ResultText result = build_result(*record);
    ResultJob job(name, folder.get(), std::move(result.file), std::move(result.text));
    job.is_paid = record->job.state == LedgerState::accepted;
    // Never beside files that have come instead. Nothing is lost if a refusal is never told; what is paid for
    // is owed.
    job.is_wanted = [this, pair = action.pair, fd = folder.get()] { return is_still_about(pair, fd); };
    const Written written = co_await writer_.write(std::move(job));
    if (written == Written::yes && is_refused) log_refused(name, record->end, record->attempts);
    if (written == Written::yes) co_await mark_published_as(before.job.id, before.job.state);
    if (written == Written::yes && error.empty()) {
      auto work = [fd = parts_.spool_fd, before, name] { return remove_stale_copy(fd, before, name); };
      co_await offload(parts_.workers, std::move(work));
    }
    if (written != Written::yes && !is_refused) undeliverable_.insert(before.job.id);
  }
  if (!record) undeliverable_.insert(action.known()->id);
  scheduler_.on_published(name);
  advance();
  if (is_another) intake_->look_again(name);
}

void Dispatcher::publish_backlog(std::vector<std::int64_t> jobs) {
  for (const std::int64_t job : jobs) {
    if (!turns_.is_taken(job)) tasks_.spawn("write a result that is owed", publish_late(job));
  }
}

boost::asio::awaitable<void> Dispatcher::publish_late(std::int64_t id) {
  const auto turn = co_await turns_.take(id);
  const std::optional<JobRecord> record = co_await read_record(id);
  if (!record && is_ledger_unreadable_) {
    undeliverable_.insert(id);  // each scan tries again
    co_return;
  }
  const bool is_unpublished =
      record && !record->job.is_published &&
      (record->job.state == LedgerState::accepted || record->job.state == LedgerState::doubt);
  if (!is_unpublished) {
    undeliverable_.erase(id);
    co_return;
  }
  const LateName late(commit_state_, record->job.name);
  auto work = [fd = parts_.spool_fd, record = *record] { return find_folder_of(fd, record); };
  const UniqueFd folder = co_await offload(parts_.workers, std::move(work));
  if (!folder) {
    note_undeliverable(*record);
    co_return;
  }
  ResultText result = build_result(*record);
  const bool is_paid = record->job.state == LedgerState::accepted;
  const PairLeft left = co_await find_left(folder.get(), *record, true);
  const bool is_aside = left == PairLeft::replaced && is_paid;
  const std::string file = is_aside ? aside_name(*record, result.file) : result.file;
  ResultJob job(record->job.name, folder.get(), file, std::move(result.text));
  job.is_paid = is_paid;
  // Its pair was found elsewhere: whoever waits writes it there.
  job.is_wanted = [this, id] { return !turns_.is_awaited(id); };
  const Written written = co_await writer_.write(std::move(job));
  if (written == Written::no_folder) undeliverable_.insert(id);
  if (written != Written::yes) co_return;
  undeliverable_.erase(id);
  if (left == PairLeft::replaced && !is_aside) log_beside_others(*record, file);
  mark_published(nullptr, *record, left);
  is_aside ? log_set_aside(*record, file) : log_late(*record, file);
  if (left == PairLeft::half) log_half_replaced(*record, file);
  if (record->job.state == LedgerState::doubt) log_doubt(*record);
}

}  // namespace reeld
