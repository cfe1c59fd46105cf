#include "ledger/ledger_rows.hpp"

#include <array>

namespace reeld {
namespace {

// A job's columns, in the order in which `read_job` and `read_folder` read them.
enum Column {
  id,
  folder,
  stem,
  prompt,
  image = prompt + file_columns,
  state = image + file_columns,
  is_published,
  is_said,
  repeat_at,
  keys,
  prompt_name,
  image_name,
  folder_device,
  folder_inode,
  folder_born,
  is_thinned,
  created_id,
};

constexpr std::size_t digest_size = 16;

FileIdentity read_file(const Statement& row, int first) {
  FileIdentity out;
  out.device = from_signed(row.number(first));
  out.inode = from_signed(row.number(first + 1));
  out.size = from_signed(row.number(first + 2));
  out.mtime_ns = row.number(first + 3);
  out.born_ns = row.number(first + 4);
  out.ctime_ns = row.number(first + 5);
  return out;
}

std::uint64_t read_word(const std::string& bytes, std::size_t first) {
  std::uint64_t out = 0;
  for (std::size_t i = first; i < first + 8; ++i) out = out << 8U | static_cast<unsigned char>(bytes[i]);
  return out;
}

void write_word(std::uint64_t word, char* to) {
  for (int shift = 56; shift >= 0; shift -= 8)
    *to++ = static_cast<char>(word >> static_cast<unsigned>(shift));
}

std::optional<ContentDigest> read_digest(const Statement& row, int column) {
  const std::string bytes = row.bytes(column);
  if (bytes.size() != digest_size) return std::nullopt;
  return ContentDigest{read_word(bytes, 0), read_word(bytes, 8)};
}

}  // namespace

namespace {

/// Of a refusal: the id of the job that the API had created all the same.
constexpr const char* created_id_sql = R"sql(
  CASE WHEN state = 'refused' THEN
    (SELECT api_id FROM attempts WHERE job = jobs.id AND attempts.keys = jobs.keys AND verdict = 'refused'
     ORDER BY attempts.id DESC LIMIT 1)
  END)sql";

}  // namespace

const std::string job_columns = "jobs.id, folder, stem, " + list_file_columns("prompt") + ", " +
                                list_file_columns("image") +
                                ", state, is_published, is_said, repeat_at, jobs.keys, prompt_name, "
                                "image_name, folder_device, folder_inode, folder_born, is_thinned, " +
                                created_id_sql;

std::string list_file_columns(const std::string& which) {
  std::string out;
  for (const char* const name : {"device", "inode", "size", "mtime", "born", "ctime", "digest", "proof"})
    out.append(out.empty() ? "" : ", ").append(which).append("_").append(name);
  return out;
}

std::int64_t to_ms(SystemTime time) {
  return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

SystemTime from_ms(std::int64_t ms) {
  return SystemTime(milliseconds(ms));
}

void bind_digest(Statement& statement, int index, const ContentDigest& digest) {
  std::array<char, digest_size> bytes{};
  write_word(digest.high, bytes.data());
  write_word(digest.low, bytes.data() + 8);
  statement.bind_blob(index, {bytes.data(), bytes.size()});
}

void bind_file(Statement& statement, int first, const FileIdentity& file,
               const std::optional<ContentDigest>& digest, bool is_proof) {
  statement.bind(first, to_signed(file.device))
      .bind(first + 1, to_signed(file.inode))
      .bind(first + 2, to_signed(file.size))
      .bind(first + 3, file.mtime_ns)
      .bind(first + 4, file.born_ns)
      .bind(first + 5, file.ctime_ns);
  if (digest) {
    bind_digest(statement, first + 6, *digest);
  } else {
    statement.bind_null(first + 6);
  }
  statement.bind(first + 7, std::int64_t{is_proof && digest});
}

LedgerState state_of(const std::string& word) {
  for (const auto state : {LedgerState::intended, LedgerState::unsent, LedgerState::refused,
                           LedgerState::accepted, LedgerState::doubt}) {
    if (word_of(state) == word) return state;
  }
  return LedgerState::reopened;
}

Verdict verdict_of(const std::string& word) {
  for (const auto verdict :
       {Verdict::accepted, Verdict::refused, Verdict::throttled, Verdict::account, Verdict::unsent}) {
    if (word_of(verdict) == word) return verdict;
  }
  return Verdict::doubt;
}

KnownJob read_job(const Statement& row) {
  KnownJob job;
  job.id = row.number(Column::id);
  job.name = {row.bytes(Column::folder), row.bytes(Column::stem)};
  job.pair = {read_file(row, Column::prompt), read_file(row, Column::image)};
  job.digests = {read_digest(row, Column::prompt + 6), read_digest(row, Column::image + 6)};
  job.proof = {row.number(Column::prompt + 7) != 0, row.number(Column::image + 7) != 0};
  job.state = state_of(row.bytes(Column::state));
  job.is_published = row.number(Column::is_published) != 0;
  job.is_left_behind = row.number(Column::is_published) == published_without_pair;
  job.is_forgotten = row.number(Column::is_thinned) != 0;
  job.said_mark = static_cast<std::uint64_t>(row.number(Column::is_said));
  if (!row.is_null(Column::repeat_at)) job.repeat_at = from_ms(row.number(Column::repeat_at));
  job.created_id = row.bytes(Column::created_id);
  job.keys = static_cast<std::uint32_t>(row.number(Column::keys));
  job.prompt_name = row.bytes(Column::prompt_name);
  job.image_name = row.bytes(Column::image_name);
  return job;
}

FolderIdentity read_folder(const Statement& row) {
  return {from_signed(row.number(Column::folder_device)), from_signed(row.number(Column::folder_inode)),
          row.number(Column::folder_born)};
}

}  // namespace reeld
