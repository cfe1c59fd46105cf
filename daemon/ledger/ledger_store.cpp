#include "ledger/ledger_store.hpp"

#include "ledger/schema.hpp"
#include "ledger/sqlite.hpp"

namespace reeld {
namespace {

std::int64_t to_ms(SystemTime time) {
  return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

SystemTime from_ms(std::int64_t ms) {
  return SystemTime(milliseconds(ms));
}

// Devices and inodes are unsigned, SQLite's numbers are not: the bits are what counts.
std::int64_t to_signed(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}
std::uint64_t from_signed(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

void bind_file(Statement& statement, int first, const FileIdentity& file) {
  statement.bind(first, to_signed(file.device))
      .bind(first + 1, to_signed(file.inode))
      .bind(first + 2, to_signed(file.size))
      .bind(first + 3, file.mtime_ns);
}

FileIdentity read_file(const Statement& statement, int first) {
  return {from_signed(statement.number(first)), from_signed(statement.number(first + 1)),
          from_signed(statement.number(first + 2)), statement.number(first + 3)};
}

LedgerState read_state(const std::string& word) {
  for (const auto state : {LedgerState::intended, LedgerState::unsent, LedgerState::refused,
                           LedgerState::accepted, LedgerState::doubt}) {
    if (word_of(state) == word) return state;
  }
  return LedgerState::released;
}

LedgerState state_after(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted:
      return LedgerState::accepted;
    case Verdict::refused:
      return LedgerState::refused;
    case Verdict::doubt:
      return LedgerState::doubt;
    default:
      return LedgerState::unsent;
  }
}

Verdict verdict_of(LedgerState state) {
  switch (state) {
    case LedgerState::accepted:
      return Verdict::accepted;
    case LedgerState::refused:
      return Verdict::refused;
    case LedgerState::doubt:
      return Verdict::doubt;
    default:
      return Verdict::unsent;
  }
}

constexpr const char* job_columns =
    "jobs.id, folder, stem, prompt_device, prompt_inode, prompt_size, prompt_mtime, "
    "image_device, image_inode, image_size, image_mtime, state, is_published, folder_device, folder_inode";
constexpr int columns_of_job = 15;

KnownJob read_job(const Statement& statement) {
  KnownJob job;
  job.id = statement.number(0);
  job.name = {statement.bytes(1), statement.bytes(2)};
  job.pair = {read_file(statement, 3), read_file(statement, 7)};
  job.state = read_state(statement.bytes(11));
  job.is_published = statement.number(12) != 0;
  return job;
}

FolderIdentity read_folder(const Statement& statement) {
  return {from_signed(statement.number(13)), from_signed(statement.number(14))};
}

std::string sql(const std::string& text) {
  return text;
}

}  // namespace

struct LedgerStore::Impl {
  explicit Impl(const std::string& path) : database(path, Database::Access::read_write) {
    database.run("PRAGMA journal_mode = WAL");
    database.run("PRAGMA synchronous = FULL");
    database.run("PRAGMA foreign_keys = ON");
    migrate(database);
    find_kin.emplace(
        database.prepare(sql("SELECT ") + job_columns +
                         " FROM jobs WHERE (prompt_inode = ?1 OR image_inode = ?2) ORDER BY jobs.id DESC"));
    insert_job.emplace(
        database.prepare("INSERT INTO jobs (folder, stem, prompt_device, prompt_inode, prompt_size, "
                         "prompt_mtime, image_device, "
                         "image_inode, image_size, image_mtime, folder_device, folder_inode, "
                         "idempotency_key, changed_at, state) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 'intended')"));
    renew_job.emplace(database.prepare(
        "UPDATE jobs SET state = 'intended', is_published = 0, folder = ?2, stem = ?3, folder_device = ?4, "
        "folder_inode = ?5, idempotency_key = ?6, changed_at = ?7 WHERE id = ?1"));
    insert_attempt.emplace(
        database.prepare("INSERT INTO attempts (job, intended_at, url, fields, prompt_start, boundary) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    end_attempt.emplace(
        database.prepare("UPDATE attempts SET ended_at = ?2, verdict = ?3, reason = ?4, http_status = ?5, "
                         "request_id = ?6, api_id = ?7, "
                         "bytes = ?8, answer = ?9 WHERE id = ?1"));
    change_state.emplace(
        database.prepare("UPDATE jobs SET state = ?2, is_published = 0, changed_at = ?3 WHERE id = ?1"));
    publish.emplace(database.prepare("UPDATE jobs SET is_published = 1 WHERE id = ?1"));
  }

  Database database;
  // Prepared once: they are the daemon's every-day work.
  std::optional<Statement> find_kin, insert_job, renew_job, insert_attempt, end_attempt, change_state,
      publish;
};

LedgerStore::LedgerStore(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
LedgerStore::~LedgerStore() = default;

void LedgerStore::begin() {
  impl_->database.run("BEGIN IMMEDIATE");
}
void LedgerStore::commit() {
  impl_->database.run("COMMIT");
}
void LedgerStore::roll_back() noexcept {
  try {
    impl_->database.run("ROLLBACK");
  } catch (const SqliteError&) {
    // Nothing was begun, or SQLite has rolled back already.
  }
}

std::optional<KnownJob> LedgerStore::find(const JobName& name, const PairIdentity& pair) {
  Statement& statement = *impl_->find_kin;
  statement.bind(1, to_signed(pair.prompt.inode)).bind(2, to_signed(pair.image.inode));
  std::optional<KnownJob> best;
  Kinship best_kinship = Kinship::stranger;
  while (statement.step()) {
    KnownJob job = read_job(statement);
    const Kinship kinship = compare(job, name, pair);
    const bool is_better =
        best_kinship == Kinship::stranger || (kinship == Kinship::same && best_kinship != Kinship::same);
    if (kinship == Kinship::stranger || !is_better) continue;
    best = std::move(job);
    best_kinship = kinship;
  }
  statement.reset();
  return best;
}

AttemptId LedgerStore::add_intent(const IntentRecord& intent) {
  AttemptId id;
  const auto known = find(intent.job, intent.pair);
  const bool is_renewal = known && known->pair == intent.pair && may_send(known->state);
  if (is_renewal) {
    id.job = known->id;
    impl_->renew_job->bind(1, id.job)
        .bind_blob(2, intent.job.folder)
        .bind_blob(3, intent.job.stem)
        .bind(4, to_signed(intent.folder.device))
        .bind(5, to_signed(intent.folder.inode))
        .bind(6, intent.idempotency_key)
        .bind(7, to_ms(intent.at))
        .run();
  } else {
    Statement& statement = *impl_->insert_job;
    statement.bind_blob(1, intent.job.folder).bind_blob(2, intent.job.stem);
    bind_file(statement, 3, intent.pair.prompt);
    bind_file(statement, 7, intent.pair.image);
    statement.bind(11, to_signed(intent.folder.device))
        .bind(12, to_signed(intent.folder.inode))
        .bind(13, intent.idempotency_key)
        .bind(14, to_ms(intent.at))
        .run();
    id.job = impl_->database.last_row();
  }
  impl_->insert_attempt->bind(1, id.job)
      .bind(2, to_ms(intent.at))
      .bind(3, intent.url)
      .bind(4, intent.fields)
      .bind(5, intent.prompt_start)
      .bind(6, intent.boundary)
      .run();
  id.attempt = impl_->database.last_row();
  return id;
}

void LedgerStore::end_attempt(const EndRecord& end) {
  Statement& statement = *impl_->end_attempt;
  statement.bind(1, end.id.attempt).bind(2, to_ms(end.at)).bind(3, word_of(end.verdict)).bind(4, end.reason);
  if (end.http_status == 0) {
    statement.bind_null(5);
  } else {
    statement.bind(5, std::int64_t{end.http_status});
  }
  statement.bind(6, end.request_id)
      .bind(7, end.api_id)
      .bind(8, to_signed(end.bytes))
      .bind_blob(9, end.answer)
      .run();
  impl_->change_state->bind(1, end.id.job)
      .bind(2, word_of(state_after(end.verdict)))
      .bind(3, to_ms(end.at))
      .run();
}

void LedgerStore::mark_published(std::int64_t job) {
  impl_->publish->bind(1, job).run();
}

void LedgerStore::release(std::int64_t job, SystemTime at) {
  impl_->change_state->bind(1, job).bind(2, word_of(LedgerState::released)).bind(3, to_ms(at)).run();
}

void LedgerStore::move_job(std::int64_t job, const JobName& name, FolderIdentity folder, SystemTime at) {
  impl_->database
      .prepare(
          "UPDATE jobs SET folder = ?2, stem = ?3, folder_device = ?4, folder_inode = ?5, is_published = 0, "
          "changed_at = ?6 WHERE id = ?1")
      .bind(1, job)
      .bind_blob(2, name.folder)
      .bind_blob(3, name.stem)
      .bind(4, to_signed(folder.device))
      .bind(5, to_signed(folder.inode))
      .bind(6, to_ms(at))
      .run();
}

std::vector<OpenIntent> LedgerStore::list_open() {
  Statement statement = impl_->database.prepare(
      sql("SELECT ") + job_columns +
      ", attempts.id, intended_at, url, fields, prompt_start, boundary, idempotency_key FROM jobs JOIN "
      "attempts ON "
      "attempts.job = jobs.id WHERE state = 'intended' AND ended_at IS NULL ORDER BY attempts.id");
  std::vector<OpenIntent> out;
  while (statement.step()) {
    OpenIntent open;
    open.job = read_job(statement);
    open.folder = read_folder(statement);
    open.id = {open.job.id, statement.number(columns_of_job)};
    open.intent.job = open.job.name;
    open.intent.pair = open.job.pair;
    open.intent.folder = open.folder;
    open.intent.at = from_ms(statement.number(columns_of_job + 1));
    open.intent.url = statement.bytes(columns_of_job + 2);
    open.intent.fields = statement.bytes(columns_of_job + 3);
    open.intent.prompt_start = statement.bytes(columns_of_job + 4);
    open.intent.boundary = statement.bytes(columns_of_job + 5);
    open.intent.idempotency_key = statement.bytes(columns_of_job + 6);
    out.push_back(std::move(open));
  }
  return out;
}

std::vector<OwedResult> LedgerStore::list_owed() {
  Statement statement = impl_->database.prepare(
      sql("SELECT ") + job_columns +
      " FROM jobs WHERE is_published = 0 AND state IN ('accepted', 'doubt') ORDER BY jobs.id");
  std::vector<OwedResult> out;
  while (statement.step()) {
    OwedResult owed;
    owed.job = read_job(statement);
    owed.folder = read_folder(statement);
    if (auto end = find_last_end(owed.job.id)) owed.end = std::move(*end);
    out.push_back(std::move(owed));
  }
  return out;
}

std::optional<EndRecord> LedgerStore::find_last_end(std::int64_t job) {
  Statement statement = impl_->database.prepare(
      "SELECT attempts.id, ended_at, reason, http_status, request_id, api_id, bytes, answer, state FROM "
      "attempts "
      "JOIN jobs ON jobs.id = attempts.job WHERE job = ?1 AND ended_at IS NOT NULL ORDER BY attempts.id DESC "
      "LIMIT 1");
  statement.bind(1, job);
  if (!statement.step()) return std::nullopt;
  EndRecord end;
  end.id = {job, statement.number(0)};
  end.at = from_ms(statement.number(1));
  end.reason = statement.bytes(2);
  end.http_status = static_cast<int>(statement.number(3));
  end.request_id = statement.bytes(4);
  end.api_id = statement.bytes(5);
  end.bytes = from_signed(statement.number(6));
  end.answer = statement.bytes(7);
  end.verdict = verdict_of(read_state(statement.bytes(8)));
  return end;
}

std::uint64_t LedgerStore::count_spent_since(SystemTime since) {
  Statement statement = impl_->database.prepare(
      "SELECT count(*) FROM attempts WHERE intended_at >= ?1 AND (verdict IS NULL OR verdict IN ('accepted', "
      "'doubt'))");
  statement.bind(1, to_ms(since));
  return statement.step() ? from_signed(statement.number(0)) : 0;
}

std::string LedgerStore::read_meta(const std::string& name) {
  Statement statement = impl_->database.prepare("SELECT value FROM meta WHERE name = ?1");
  statement.bind(1, name);
  return statement.step() ? statement.bytes(0) : "";
}

void LedgerStore::write_meta(const std::string& name, const std::string& value) {
  impl_->database
      .prepare("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")
      .bind(1, name)
      .bind(2, value)
      .run();
}

}  // namespace reeld
