#include "ledger/ledger_rows.hpp"

namespace reeld {
namespace {

FileIdentity read_file(const Statement& statement, int first) {
  return {from_signed(statement.number(first)), from_signed(statement.number(first + 1)),
          from_signed(statement.number(first + 2)), statement.number(first + 3)};
}

}  // namespace

const std::string job_columns =
    "jobs.id, folder, stem, prompt_device, prompt_inode, prompt_size, prompt_mtime, image_device, "
    "image_inode, "
    "image_size, image_mtime, state, is_published, folder_device, folder_inode, is_said, repeat_at, "
    "jobs.keys, "
    "prompt_name, image_name";

std::int64_t to_ms(SystemTime time) {
  return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

SystemTime from_ms(std::int64_t ms) {
  return SystemTime(milliseconds(ms));
}

void bind_file(Statement& statement, int first, const FileIdentity& file) {
  statement.bind(first, to_signed(file.device))
      .bind(first + 1, to_signed(file.inode))
      .bind(first + 2, to_signed(file.size))
      .bind(first + 3, file.mtime_ns);
}

LedgerState state_of(const std::string& word) {
  for (const auto state : {LedgerState::intended, LedgerState::unsent, LedgerState::refused,
                           LedgerState::accepted, LedgerState::doubt}) {
    if (word_of(state) == word) return state;
  }
  return LedgerState::released;
}

Verdict verdict_of(const std::string& word) {
  for (const auto verdict :
       {Verdict::accepted, Verdict::refused, Verdict::throttled, Verdict::account, Verdict::unsent}) {
    if (word_of(verdict) == word) return verdict;
  }
  return Verdict::doubt;
}

KnownJob read_job(const Statement& statement) {
  KnownJob job;
  job.id = statement.number(0);
  job.name = {statement.bytes(1), statement.bytes(2)};
  job.pair = {read_file(statement, 3), read_file(statement, 7)};
  job.state = state_of(statement.bytes(11));
  job.is_published = statement.number(12) != 0;
  job.is_said = statement.number(15) != 0;
  if (!statement.is_null(16)) job.repeat_at = from_ms(statement.number(16));
  job.keys = static_cast<std::uint32_t>(statement.number(17));
  return job;
}

FolderIdentity read_folder(const Statement& statement) {
  return {from_signed(statement.number(13)), from_signed(statement.number(14))};
}

}  // namespace reeld
