#include "spool/recovery.hpp"

#include "codec/result_json.hpp"
#include "core/recovery.hpp"
#include "core/spool_name.hpp"
#include "spool/result_place.hpp"
#include "spool/result_text.hpp"
#include "sys/read_file.hpp"
#include "sys/safe_open.hpp"
#include "sys/sha256.hpp"

namespace reeld {
namespace {

constexpr std::uint64_t max_answer = 1U << 20U;
constexpr std::uint64_t max_error = 2 * max_answer;  // the answer is in it, and in base64 it is longer

std::string hash_image(int folder_fd, const JobRecord& record) {
  auto opened = open_file_beneath(folder_fd, record.job.image_name);
  auto* const file = std::get_if<OpenFile>(&opened);
  if (file == nullptr || file->identity != record.job.pair.image) return {};
  return hash_file(file->fd.get()).value_or("");
}

bool is_pair_there(int folder_fd, const JobRecord& record) {
  return holds_pair(folder_fd, record.job.prompt_name, record.job.image_name, record.job.pair);
}

/// An error file beside the very files that were sent, which this attempt has written: one that is older was
/// removed, and is back (a removal that a power cut has undone). Files are stamped by a coarser clock.
bool has_refusal(int folder_fd, const JobRecord& record) {
  constexpr milliseconds coarse{20};
  auto opened = open_file_beneath(folder_fd, error_result_name(record.job.name.stem));
  const auto* const error = std::get_if<OpenFile>(&opened);
  if (error == nullptr) return false;
  const SystemTime written{
      std::chrono::duration_cast<SystemTime::duration>(std::chrono::nanoseconds(error->identity.mtime_ns))};
  return written >= record.intent.at - coarse && is_pair_there(folder_fd, record);
}

/// Of a job that the API had created before it failed: that is known of it from now on.
void take_created_job(int folder_fd, const JobRecord& record, EndRecord& end) {
  const std::string name = error_result_name(record.job.name.stem);
  CreatedJob created = read_created_job(read_small_beneath(folder_fd, name, max_error).value_or(""));
  end.api_id = std::move(created.id);
  end.http_status = created.http_status;
}

EndRecord settle(const JobRecord& record, LedgerReader& reader, int spool_fd, const SubmitSettings& submit,
                 SystemTime now) {
  EndRecord end;
  end.token = record.intent.token;
  end.at = now;
  const UniqueFd folder = find_folder_of(spool_fd, record);
  const std::string name = job_result_name(record.job.name.stem);
  const std::string text = folder ? read_small_beneath(folder.get(), name, max_answer).value_or("") : "";
  const std::string id = find_api_id(text, now);
  OpenIntentFacts facts;
  facts.has_answer = !id.empty();
  facts.is_of_another = facts.has_answer && reader.knows_answer(id);
  facts.has_refusal = folder && has_refusal(folder.get(), record);
  facts.was_in_doubt = record.job.repeat_at.has_value();
  facts.repeats_doubts = submit.scheduler.repeats_doubts;
  switch (decide_repair(facts)) {
    case Repair::accept:
      end.verdict = Verdict::accepted;
      end.reason = "the answer was in the folder, and not yet in the ledger";
      end.api_id = id;
      end.answer = text;
      return end;
    case Repair::refuse:
      end.verdict = Verdict::refused;
      end.reason = "the error file was in the folder, and its record not yet in the ledger";
      take_created_job(folder.get(), record, end);
      return end;
    case Repair::repeat:
      end.repeat_at = now + submit.lane.doubt_pause;
      break;
    case Repair::finalize:
      break;
  }
  end.verdict = Verdict::doubt;
  end.reason = "reeld ended (a crash, a kill, a power cut) before an answer was recorded";
  if (folder) end.image_sha256 = hash_image(folder.get(), record);
  return end;
}

/// A doubt whose files have gone or changed while reeld was down, or that the settings no longer want
/// repeated.
void finalize_what_cannot_be_repeated(LedgerStore& store, int spool_fd, const SubmitSettings& submit) {
  for (const std::int64_t job : store.reader().list_doubts()) {
    const auto record = store.reader().read(job);
    if (!record || !record->job.repeat_at) continue;
    const UniqueFd folder = open_folder_of(spool_fd, *record);
    if (!submit.scheduler.repeats_doubts || !folder || !is_pair_there(folder.get(), *record))
      store.finalize_doubt(job);
  }
}

/// What a crash has left between an error file and its record.
void mark_told_refusals(LedgerStore& store, int spool_fd) {
  for (const std::int64_t job : store.reader().list_unpublished_refusals()) {
    const auto record = store.reader().read(job);
    if (!record) continue;
    const UniqueFd folder = open_folder_of(spool_fd, *record);
    if (folder && has_refusal(folder.get(), *record)) store.mark_published(job);
  }
}

}  // namespace

Recovered recover(LedgerStore& store, int spool_fd, const SubmitSettings& submit, SystemTime now) {
  Recovered out;
  store.begin();
  for (const std::int64_t job : store.reader().list_open()) {
    const auto record = store.reader().read(job);
    if (!record) continue;
    const EndRecord end = settle(*record, store.reader(), spool_fd, submit, now);
    store.end_attempt(end);
    out.doubts += end.verdict == Verdict::doubt ? 1 : 0;
  }
  mark_told_refusals(store, spool_fd);
  finalize_what_cannot_be_repeated(store, spool_fd, submit);
  store.commit();
  out.unpublished = store.reader().list_unpublished();
  out.billable = store.reader().list_billable_since(now - std::chrono::hours(24));
  out.is_held = store.reader().is_held();
  out.masses = store.reader().read_mass_state();
  return out;
}

}  // namespace reeld
