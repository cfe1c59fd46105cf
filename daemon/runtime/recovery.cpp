#include "runtime/recovery.hpp"

#include <unistd.h>

#include "codec/job_json.hpp"
#include "core/recovery.hpp"
#include "core/spool_name.hpp"
#include "core/verdict.hpp"
#include "runtime/owed_results.hpp"
#include "runtime/sha256.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr std::uint64_t longest_answer = 1U << 20U;

std::string read_result(int folder_fd, const std::string& name) {
  auto opened = open_file_beneath(folder_fd, name);
  auto* const file = std::get_if<OpenFile>(&opened);
  if (file == nullptr || file->identity.size > longest_answer) return {};
  std::string text(file->identity.size, '\0');
  const ssize_t got = ::pread(file->fd.get(), text.data(), text.size(), 0);
  return got == static_cast<ssize_t>(text.size()) ? text : "";
}

/// The answer's id, should it have been written into the folder before it was recorded.
std::optional<ApiReply> find_answer(const std::string& text, SystemTime now) {
  if (text.empty()) return std::nullopt;
  Reply reply;
  reply.status = 200;
  reply.body = text;
  ApiReply answer = read_api_reply(reply, now);
  if (!is_accepted(answer)) return std::nullopt;
  return answer;
}

std::string hash_image(int folder_fd, const JobRecord& record) {
  auto opened = open_file_beneath(folder_fd, record.image_name);
  auto* const file = std::get_if<OpenFile>(&opened);
  if (file == nullptr || file->identity != record.job.pair.image) return {};
  return hash_file(file->fd.get()).value_or("");
}

/// An error file beside the very files that were sent: no other attempt can have written it.
bool has_refusal(int folder_fd, const JobRecord& record) {
  const auto error = identify_beneath(folder_fd, error_result_name(record.job.name.stem));
  const auto prompt = identify_beneath(folder_fd, record.prompt_name);
  const auto image = identify_beneath(folder_fd, record.image_name);
  const auto* const found_prompt = std::get_if<FileIdentity>(&prompt);
  const auto* const found_image = std::get_if<FileIdentity>(&image);
  return std::holds_alternative<FileIdentity>(error) && found_prompt != nullptr && found_image != nullptr &&
         PairIdentity{*found_prompt, *found_image} == record.job.pair;
}

EndRecord settle(const JobRecord& record, LedgerReader& reader, int spool_fd, const DeskRules& rules,
                 SystemTime now) {
  EndRecord end;
  end.token = record.intent.token;
  end.at = now;
  const UniqueFd folder = find_folder_of(spool_fd, record);
  const std::string text = folder ? read_result(folder.get(), job_result_name(record.job.name.stem)) : "";
  const auto answer = find_answer(text, now);
  OpenIntentFacts facts;
  facts.has_answer = answer.has_value();
  facts.is_of_another = answer && reader.knows_answer(answer->id);
  facts.has_refusal = folder && has_refusal(folder.get(), record);
  facts.was_in_doubt = record.job.repeat_at.has_value();
  facts.repeats_doubts = rules.repeats_doubts;
  switch (decide_repair(facts)) {
    case Repair::accept:
      end.verdict = Verdict::accepted;
      end.reason = "the answer was in the folder, and not yet in the ledger";
      end.api_id = answer->id;
      end.answer = text;
      return end;
    case Repair::refuse:
      end.verdict = Verdict::refused;
      end.reason = "the error file was in the folder, and its record not yet in the ledger";
      return end;
    case Repair::repeat:
      end.repeat_at = now + rules.doubt_pause;
      break;
    case Repair::hold:
      break;
  }
  end.verdict = Verdict::doubt;
  end.reason = "reeld ended (a crash, a kill, a power cut) before an answer was recorded";
  if (folder) end.image_sha256 = hash_image(folder.get(), record);
  return end;
}

}  // namespace

Recovered recover(LedgerStore& store, int spool_fd, const DeskRules& rules, SystemTime now) {
  Recovered out;
  store.begin();
  for (const std::int64_t job : store.reader().list_open()) {
    const auto record = store.reader().read(job);
    if (!record) continue;
    const EndRecord end = settle(*record, store.reader(), spool_fd, rules, now);
    store.end_attempt(end);
    out.doubts += end.verdict == Verdict::doubt ? 1 : 0;
  }
  store.commit();
  out.owed = store.reader().list_owed();
  out.spent = store.reader().list_spent_since(now - std::chrono::hours(24));
  out.is_held = store.reader().is_held();
  return out;
}

}  // namespace reeld
