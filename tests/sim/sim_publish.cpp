// Which results the simulated reeld writes, and where: as submit/dispatcher_actions does.

#include "sim/sim_app.hpp"

namespace reeld::sim {
namespace {

bool calls_for_result(LedgerState state) {
  return state == LedgerState::accepted || state == LedgerState::doubt;
}

Writing describe(const JobRecord& record, Spool::Folder folder) {
  Writing out;
  out.place = {folder, record.job.name.stem};
  out.kind = record.job.state == LedgerState::refused ? ResultKind::error
             : record.job.state == LedgerState::doubt ? ResultKind::doubt
                                                      : ResultKind::job;
  out.text = record.end.answer;
  out.job = record.job.id;
  out.pair = record.job.pair;
  out.digests = record.job.digests;
  return out;
}

}  // namespace

/// Where its folder is not found, each scan tries again.
void SimApp::write_unpublished(std::int64_t job) {
  if (!late_under_way_.insert(job).second) return;
  const auto record = out_.ledger.store().reader().read(job);
  const bool is_unpublished = record && !record->job.is_published && calls_for_result(record->job.state);
  const auto folder = is_unpublished ? find_folder_of(*record) : std::nullopt;
  if (is_unpublished && !folder) undeliverable_.insert(job);
  if (!folder) {
    if (!is_unpublished) undeliverable_.erase(job);
    late_under_way_.erase(job);
    return;
  }
  Writing what = describe(*record, *folder);
  what.is_start = true;
  undeliverable_.erase(job);
  write_result(what, [this, job] { late_under_way_.erase(job); });
}

std::function<void()> SimApp::end_of_publishing(const JobName& name) {
  return [this, name] {
    scheduler_.on_published(name);
    advance();
  };
}

/// What the ledger holds of the job, or would hold if it could be written.
JobRecord SimApp::find_record(const Action& action) {
  const auto ending = pending_results_.find(action.pair.job);
  const std::int64_t known = action.known() != nullptr ? action.known()->id : 0;
  const std::int64_t id = ending != pending_results_.end() ? ending->second.job : known;
  // Of a doubt that was repeated, the first attempt counts too.
  if (action.verdict == Verdict::doubt && id != 0) {
    auto stored = out_.ledger.store().reader().read(id);
    if (stored && stored->job.state != LedgerState::intended) return std::move(*stored);
  }
  JobRecord out;
  out.job.id = id;
  out.job.name = action.pair.job;
  out.job.pair = action.pair.identity;
  out.job.state = action.verdict == Verdict::accepted ? LedgerState::accepted : LedgerState::doubt;
  if (ending == pending_results_.end()) return out;
  out.intent = ending->second.intent;
  out.end = ending->second.end;
  out.folder = out.intent.folder;
  out.job.pair = out.intent.pair;
  out.job.digests = out.intent.digests;
  return out;
}

void SimApp::publish(const Action& action) {
  const JobName name = action.pair.job;
  if (action.verdict == Verdict::refused) return publish_refusal(action);
  const JobRecord record = find_record(action);
  // Settled by a person meanwhile: there is nothing to tell any more.
  if (!calls_for_result(record.job.state)) return later(milliseconds(1), end_of_publishing(name));
  const auto ending = pending_results_.find(name);
  const bool is_open = ending != pending_results_.end() && ending->second.open_folder;
  const auto folder = is_open ? ending->second.open_folder : find_folder_at(record);
  if (folder) {
    Writing what = describe(record, *folder);
    if (ending != pending_results_.end() && ending->second.late)
      what.backfilled_job_id = [late = ending->second.late] { return late->id; };
    if (!(record.intent.proof == PairProof{true, true})) {
      what.to_prove = action.pair;
      what.to_prove->identity = record.intent.pair;
    }
    return write_result(what, end_of_publishing(name));
  }
  if (record.job.id != 0) undeliverable_.insert(record.job.id);
  later(milliseconds(1), end_of_publishing(name));
}

/// Whether a refusal of that pair would still be about what lies there.
bool SimApp::is_still_about(const ReadyPair& pair, const Spool::Place& place) const {
  return !scheduler_.is_superseded(pair.job) && holds_pair(place, pair.identity);
}

/// Never beside files that have come instead of those that were refused.
void SimApp::publish_refusal(const Action& action) {
  const JobName name = action.pair.job;
  const auto place = out_.spool.place_of(name);
  if (!place) return later(milliseconds(1), end_of_publishing(name));
  Writing what;
  what.place = *place;
  what.kind = ResultKind::error;
  what.job = pending_results_.at(name).job;
  what.is_mark_awaited = true;
  what.is_wanted = [this, pair = action.pair, where = *place] { return is_still_about(pair, where); };
  write_result(what, end_of_publishing(name));
}

/// The pair was moved, or was refused and not told: its job goes with it, and then its result.
void SimApp::move_result(const Action& action) {
  const JobName name = action.pair.job;
  const auto record = out_.ledger.store().reader().read(action.known()->id);
  const auto place = out_.spool.place_of(name);
  const auto done = end_of_publishing(name);
  if (!record || !place) return later(milliseconds(1), done);
  // Settled, or released, by a person meanwhile.
  if (record->job.state != action.known()->state) {
    return later(milliseconds(1), [this, done, place = *place] {
      done();
      look_again(place);
    });
  }
  Writing what = describe(*record, place->folder);
  what.place = *place;
  what.is_mark_awaited = true;
  what.was_published = action.known()->is_published;
  // A refusal is about these files; nothing is lost if it is never told.
  if (what.kind == ResultKind::error)
    what.is_wanted = [this, pair = action.pair, where = *place] { return is_still_about(pair, where); };
  const NewPlace to{name, out_.spool.identity_of(place->folder), action.pair.prompt_name,
                    action.pair.image_name};
  submit_kept(
      [id = what.job, to, at = out_.timeline.date()](LedgerStore& store) { store.move_job(id, to, at); },
      [this, what, done] {
        // What was posted went before it: by now the ledger knows whether it was written meanwhile.
        const auto after = out_.ledger.store().reader().read(what.job);
        const bool is_written = after && after->job.is_published && !what.was_published;
        is_written ? later(milliseconds(1), done) : write_result(what, done);
      });
}

}  // namespace reeld::sim
