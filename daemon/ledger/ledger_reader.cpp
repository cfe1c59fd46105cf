#include "ledger/ledger_reader.hpp"

#include <charconv>

#include "ledger/ledger_rows.hpp"

namespace reeld {
namespace {

/// Which of two jobs that are both kin to a pair speaks for it: more is better.
int weigh(const KnownJob& job, const JobName& name, const PairIdentity& pair) {
  const Kinship kinship = compare(job, name, pair);
  if (kinship == Kinship::stranger) return 0;
  // One that bars sending, before one that does not.
  const int bar = welcome(job, name, pair) == Welcome::send ? 0 : 4;
  return bar + (kinship == Kinship::same ? 3 : kinship == Kinship::moved ? 2 : 1);
}

std::int64_t read_integer(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void read_attempt(const Statement& row, JobRecord& out) {
  IntentRecord& intent = out.intent;
  intent.token = row.bytes(0);
  intent.at = from_ms(row.number(1));
  intent.url = row.bytes(3);
  intent.fields = row.bytes(4);
  intent.prompt_start = row.bytes(5);
  intent.boundary = row.bytes(6);
  intent.idempotency_key = row.bytes(7);
  out.is_ended = !row.is_null(2);
  if (!out.is_ended) return;
  EndRecord& end = out.end;
  end.token = intent.token;
  end.at = from_ms(row.number(2));
  end.verdict = verdict_of(row.bytes(8));
  end.reason = row.bytes(9);
  end.http_status = static_cast<int>(row.number(10));
  end.request_id = row.bytes(11);
  end.headers = row.bytes(12);
  end.api_id = row.bytes(13);
  end.bytes = from_signed(row.number(14));
  end.image_sha256 = row.bytes(15);
  end.answer = row.bytes(16);
}

// Of a job that is settled, the attempt that settled it: a later one that was unsent says nothing.
constexpr const char* read_attempt_sql =
    "SELECT token, intended_at, ended_at, url, fields, prompt_start, boundary, idempotency_key, verdict, "
    "reason, "
    "http_status, request_id, headers, api_id, bytes, image_sha256, answer FROM attempts WHERE job = ?1 "
    "ORDER BY (verdict IS (SELECT state FROM jobs WHERE id = ?1)) DESC, id DESC LIMIT 1";

constexpr const char* read_span_sql =
    "SELECT count(*), min(CASE WHEN verdict = 'doubt' THEN intended_at END) FROM attempts JOIN jobs ON "
    "jobs.id = job "
    "WHERE job = ?1 AND attempts.keys = jobs.keys";

}  // namespace

LedgerReader::LedgerReader(Database& database)
    : database_(database),
      find_kin_(database.prepare("SELECT " + job_columns +
                                 " FROM jobs WHERE prompt_inode = ?1 OR image_inode = ?2 ORDER BY id DESC")),
      read_job_(database.prepare("SELECT " + job_columns + " FROM jobs WHERE id = ?1")),
      read_attempt_(database.prepare(read_attempt_sql)),
      read_span_(database.prepare(read_span_sql)) {}

std::optional<KnownJob> LedgerReader::find(const JobName& name, const PairIdentity& pair) {
  find_kin_.bind(1, to_signed(pair.prompt.inode)).bind(2, to_signed(pair.image.inode));
  std::optional<KnownJob> best;
  int best_weight = 0;
  while (find_kin_.step()) {
    KnownJob job = read_job(find_kin_);
    const int weight = weigh(job, name, pair);
    if (weight <= best_weight) continue;
    best = std::move(job);
    best_weight = weight;
  }
  find_kin_.reset();
  return best;
}

std::optional<KnownJob> LedgerReader::find_at(const JobName& name) {
  Statement statement = database_.prepare(
      "SELECT " + job_columns + " FROM jobs WHERE stem = ?1 AND folder = ?2 ORDER BY id DESC LIMIT 1");
  statement.bind_blob(1, name.stem).bind_blob(2, name.folder);
  if (!statement.step()) return std::nullopt;
  return read_job(statement);
}

std::optional<JobRecord> LedgerReader::read(std::int64_t job) {
  JobRecord out;
  read_job_.bind(1, job);
  const bool is_there = read_job_.step();
  if (is_there) {
    out.job = read_job(read_job_);
    out.folder = read_folder(read_job_);
    out.prompt_name = read_job_.bytes(18);
    out.image_name = read_job_.bytes(19);
  }
  read_job_.reset();
  if (!is_there) return std::nullopt;
  read_attempt_.bind(1, job);
  if (read_attempt_.step()) read_attempt(read_attempt_, out);
  read_attempt_.reset();
  read_span_.bind(1, job);
  if (read_span_.step()) {
    out.attempts = from_signed(read_span_.number(0));
    if (out.job.state == LedgerState::doubt && !read_span_.is_null(1))
      out.intent.at = from_ms(read_span_.number(1));
  }
  read_span_.reset();
  out.intent.job = out.job.name;
  out.intent.pair = out.job.pair;
  out.intent.folder = out.folder;
  out.intent.prompt_name = out.prompt_name;
  out.intent.image_name = out.image_name;
  return out;
}

bool LedgerReader::knows_answer(const std::string& api_id) {
  Statement statement =
      database_.prepare("SELECT 1 FROM attempts WHERE api_id = ?1 AND verdict = 'accepted' LIMIT 1");
  statement.bind(1, api_id);
  return statement.step();
}

std::vector<std::int64_t> LedgerReader::list(const char* condition) {
  Statement statement =
      database_.prepare(std::string("SELECT id FROM jobs WHERE ") + condition + " ORDER BY id");
  std::vector<std::int64_t> out;
  while (statement.step()) out.push_back(statement.number(0));
  return out;
}

std::vector<std::int64_t> LedgerReader::list_open() {
  return list("state = 'intended'");
}

std::vector<std::int64_t> LedgerReader::list_owed() {
  return list("is_published = 0 AND state IN ('accepted', 'doubt') AND repeat_at IS NULL");
}

std::vector<std::int64_t> LedgerReader::list_untold_refusals() {
  return list("is_published = 0 AND state = 'refused'");
}

std::vector<std::int64_t> LedgerReader::list_doubts() {
  return list("state = 'doubt'");
}

std::uint64_t LedgerReader::count_doubts() {
  return from_signed(database_.read_number("SELECT count(*) FROM jobs WHERE state = 'doubt'"));
}

std::uint64_t LedgerReader::count_owed_before(SystemTime then) {
  Statement statement = database_.prepare(
      "SELECT count(*) FROM jobs WHERE is_published = 0 AND state IN ('accepted', 'doubt') AND repeat_at IS "
      "NULL AND changed_at < ?1");
  statement.bind(1, to_ms(then));
  return statement.step() ? from_signed(statement.number(0)) : 0U;
}

std::vector<TroubleRecord> LedgerReader::list_troubles(std::size_t most) {
  Statement statement = database_.prepare(
      "SELECT ended_at, verdict, reason, folder, stem FROM attempts JOIN jobs ON jobs.id = job WHERE "
      "attempts.id "
      "> (SELECT max(id) FROM attempts) - 5000 AND verdict <> 'accepted' ORDER BY attempts.id DESC LIMIT ?1");
  statement.bind(1, static_cast<std::int64_t>(most));
  std::vector<TroubleRecord> out;
  while (statement.step()) {
    TroubleRecord trouble;
    trouble.at = from_ms(statement.number(0));
    trouble.verdict = verdict_of(statement.bytes(1));
    trouble.reason = statement.bytes(2);
    trouble.job = {statement.bytes(3), statement.bytes(4)};
    out.push_back(std::move(trouble));
  }
  return out;
}

std::vector<SystemTime> LedgerReader::list_spent_since(SystemTime since) {
  Statement statement = database_.prepare(
      "SELECT intended_at FROM attempts WHERE intended_at >= ?1 AND (verdict IS NULL OR verdict IN "
      "('accepted', "
      "'doubt')) ORDER BY intended_at");
  statement.bind(1, to_ms(since));
  std::vector<SystemTime> out;
  while (statement.step()) out.push_back(from_ms(statement.number(0)));
  return out;
}

std::vector<FinishedJob> LedgerReader::list_finished_before(SystemTime then, std::int64_t after,
                                                            std::size_t most) {
  Statement statement = database_.prepare(
      "SELECT id, prompt_inode, image_inode FROM jobs WHERE changed_at < ?1 AND id > ?2 AND (state IN "
      "('unsent', "
      "'refused', 'released') OR (state = 'accepted' AND is_published)) ORDER BY id LIMIT ?3");
  statement.bind(1, to_ms(then)).bind(2, after).bind(3, static_cast<std::int64_t>(most));
  std::vector<FinishedJob> out;
  while (statement.step())
    out.push_back({statement.number(0), from_signed(statement.number(1)), from_signed(statement.number(2))});
  return out;
}

std::map<std::string, std::uint64_t> LedgerReader::count_by_state() {
  Statement statement = database_.prepare("SELECT state, count(*) FROM jobs GROUP BY state");
  std::map<std::string, std::uint64_t> out;
  while (statement.step()) out[statement.bytes(0)] = from_signed(statement.number(1));
  return out;
}

LedgerIdentity LedgerReader::read_identity() {
  LedgerIdentity out;
  out.uuid = read_meta("uuid");
  out.generation = read_integer(read_meta("generation"));
  out.marked_generation = read_integer(read_meta("marked_generation"));
  out.root.device = from_signed(read_integer(read_meta("root_device")));
  out.root.inode = from_signed(read_integer(read_meta("root_inode")));
  out.root.hidden_born_ns = read_integer(read_meta("hidden_born_ns"));
  return out;
}

bool LedgerReader::is_held() {
  return read_meta("held") == "1";
}

std::string LedgerReader::read_meta(std::string_view name) {
  Statement statement = database_.prepare("SELECT value FROM meta WHERE name = ?1");
  statement.bind(1, name);
  return statement.step() ? statement.bytes(0) : "";
}

}  // namespace reeld
