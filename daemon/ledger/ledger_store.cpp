#include "ledger/ledger_store.hpp"

#include "ledger/ledger_rows.hpp"
#include "ledger/schema.hpp"
#include "ledger/sqlite.hpp"

namespace reeld {
namespace {

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

Database& prepare_tables(Database& database) {
  database.run("PRAGMA synchronous = FULL");
  database.run("PRAGMA foreign_keys = ON");
  database.run("PRAGMA cache_size = -1024");
  migrate(database);
  // Last: so a new ledger's header and tables are in its own file, where they can be looked at without its
  // log.
  database.run("PRAGMA journal_mode = WAL");
  return database;
}

constexpr const char* insert_job_sql =
    "INSERT INTO jobs (folder, stem, prompt_device, prompt_inode, prompt_size, prompt_mtime, image_device, "
    "image_inode, image_size, image_mtime, folder_device, folder_inode, prompt_name, image_name, changed_at, "
    "state) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 'intended')";

constexpr const char* renew_job_sql =
    "UPDATE jobs SET state = 'intended', is_published = 0, is_said = 0, folder = ?2, stem = ?3, "
    "folder_device = ?4, "
    "folder_inode = ?5, prompt_name = ?6, image_name = ?7, changed_at = ?8 WHERE id = ?1";

constexpr const char* insert_attempt_sql =
    "INSERT INTO attempts (token, job, keys, intended_at, url, fields, prompt_start, boundary, "
    "idempotency_key) "
    "VALUES (?1, ?2, (SELECT keys FROM jobs WHERE id = ?2), ?3, ?4, ?5, ?6, ?7, ?8)";

constexpr const char* end_attempt_sql =
    "UPDATE attempts SET ended_at = ?2, verdict = ?3, reason = ?4, http_status = ?5, request_id = ?6, "
    "headers = ?7, "
    "api_id = ?8, bytes = ?9, image_sha256 = ?10, answer = ?11 WHERE token = ?1 AND ended_at IS NULL "
    "RETURNING job";

constexpr const char* count_doubts_sql =
    "SELECT count(*) FROM attempts JOIN jobs ON jobs.id = attempts.job WHERE jobs.id = ?1 AND attempts.keys "
    "= "
    "jobs.keys AND verdict = 'doubt'";

}  // namespace

struct LedgerStore::Impl {
  Impl(const std::string& path, Database::Access access)
      : database(path, access),
        reader(prepare_tables(database)),
        insert_job(database.prepare(insert_job_sql)),
        renew_job(database.prepare(renew_job_sql)),
        insert_attempt(database.prepare(insert_attempt_sql)),
        end_attempt(database.prepare(end_attempt_sql)),
        count_doubts(database.prepare(count_doubts_sql)),
        change_state(database.prepare(
            "UPDATE jobs SET state = ?2, repeat_at = ?3, changed_at = ?4, is_published = 0 WHERE id = ?1")),
        publish(database.prepare("UPDATE jobs SET is_published = 1, repeat_at = NULL WHERE id = ?1")),
        raise(database.prepare(
            "INSERT INTO meta (name, value) VALUES ('generation', 1) ON CONFLICT (name) DO UPDATE "
            "SET value = value + 1 RETURNING value")) {}

  void write_meta(std::string_view name, const std::string& value) {
    database
        .prepare("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")
        .bind(1, name)
        .bind(2, value)
        .run();
  }

  void change(std::int64_t job, LedgerState state, std::optional<SystemTime> repeat_at, SystemTime at) {
    change_state.bind(1, job).bind(2, word_of(state));
    if (repeat_at) {
      change_state.bind(3, to_ms(*repeat_at));
    } else {
      change_state.bind_null(3);
    }
    change_state.bind(4, to_ms(at)).run();
  }

  Database database;
  LedgerReader reader;
  std::int64_t last_generation = 0;
  // Prepared once: they are the daemon's every-day work.
  Statement insert_job, renew_job, insert_attempt, end_attempt, count_doubts, change_state, publish, raise;
};

LedgerStore::LedgerStore(const std::string& path, Database::Access access)
    : impl_(std::make_unique<Impl>(path, access)) {}
LedgerStore::~LedgerStore() = default;

LedgerReader& LedgerStore::reader() {
  return impl_->reader;
}

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

IntentAnswer LedgerStore::add_intent(const IntentRecord& intent) {
  IntentAnswer out;
  auto known = impl_->reader.find(intent.job, intent.pair);
  const bool is_due_repeat = known && intent.is_repeat && known->repeat_at && known->pair == intent.pair &&
                             known->name == intent.job;
  if (welcome(known, intent.job, intent.pair) != Welcome::send && !is_due_repeat) {
    out.known = std::move(known);
    return out;
  }
  if (known && known->pair == intent.pair) {
    out.job = known->id;
    impl_->renew_job.bind(1, out.job)
        .bind_blob(2, intent.job.folder)
        .bind_blob(3, intent.job.stem)
        .bind(4, to_signed(intent.folder.device))
        .bind(5, to_signed(intent.folder.inode))
        .bind_blob(6, intent.prompt_name)
        .bind_blob(7, intent.image_name)
        .bind(8, to_ms(intent.at))
        .run();
  } else {
    Statement& statement = impl_->insert_job;
    statement.bind_blob(1, intent.job.folder).bind_blob(2, intent.job.stem);
    bind_file(statement, 3, intent.pair.prompt);
    bind_file(statement, 7, intent.pair.image);
    statement.bind(11, to_signed(intent.folder.device))
        .bind(12, to_signed(intent.folder.inode))
        .bind_blob(13, intent.prompt_name)
        .bind_blob(14, intent.image_name)
        .bind(15, to_ms(intent.at))
        .run();
    out.job = impl_->database.last_row();
  }
  impl_->insert_attempt.bind(1, intent.token)
      .bind(2, out.job)
      .bind(3, to_ms(intent.at))
      .bind(4, intent.url)
      .bind(5, intent.fields)
      .bind(6, intent.prompt_start)
      .bind(7, intent.boundary)
      .bind(8, intent.idempotency_key)
      .run();
  out.generation = raise_generation();
  return out;
}

void LedgerStore::end_attempt(const EndRecord& end) {
  Statement& statement = impl_->end_attempt;
  statement.bind(1, end.token).bind(2, to_ms(end.at)).bind(3, word_of(end.verdict)).bind(4, end.reason);
  if (end.http_status == 0) {
    statement.bind_null(5);
  } else {
    statement.bind(5, std::int64_t{end.http_status});
  }
  statement.bind(6, end.request_id)
      .bind(7, end.headers)
      .bind(8, end.api_id)
      .bind(9, to_signed(end.bytes))
      .bind(10, end.image_sha256)
      .bind_blob(11, end.answer);
  // Not there, or ended already: this is being written anew after a failure that was none.
  const std::optional<std::int64_t> job =
      statement.step() ? std::optional(statement.number(0)) : std::nullopt;
  statement.reset();
  if (!job) return;

  Statement& doubts = impl_->count_doubts;
  doubts.bind(1, *job);
  const std::int64_t in_doubt = doubts.step() ? doubts.number(0) : 0;
  doubts.reset();
  // Once in doubt, only an accepted answer settles it: what the repeat came to says nothing about the first.
  const bool stays_doubt = in_doubt > 0 && end.verdict != Verdict::accepted;
  const bool is_still_due = stays_doubt && state_after(end.verdict) == LedgerState::unsent;
  std::optional<SystemTime> repeat_at = end.repeat_at;
  if (is_still_due) repeat_at = end.at;
  if (in_doubt > 1) repeat_at.reset();
  impl_->change(*job, stays_doubt ? LedgerState::doubt : state_after(end.verdict), repeat_at, end.at);
}

void LedgerStore::void_intent(const std::string& token, SystemTime at) {
  EndRecord end;
  end.token = token;
  end.verdict = Verdict::unsent;
  end.reason = "the ledger could not be synced";
  end.at = at;
  end_attempt(end);
}

void LedgerStore::mark_published(std::int64_t job) {
  impl_->publish.bind(1, job).run();
}

void LedgerStore::mark_said(std::int64_t job) {
  impl_->database.prepare("UPDATE jobs SET is_said = 1 WHERE id = ?1").bind(1, job).run();
}

void LedgerStore::fold() noexcept {
  try {
    impl_->database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const SqliteError&) {
    // The log is part of the ledger, and as good.
  }
}

void LedgerStore::move_job(std::int64_t job, const NewPlace& place, SystemTime at) {
  impl_->database
      .prepare(
          "UPDATE jobs SET folder = ?2, stem = ?3, folder_device = ?4, folder_inode = ?5, is_published = 0, "
          "is_said = 0, repeat_at = NULL, changed_at = ?6, prompt_name = ?7, image_name = ?8 WHERE id = ?1")
      .bind(1, job)
      .bind_blob(2, place.name.folder)
      .bind_blob(3, place.name.stem)
      .bind(4, to_signed(place.folder.device))
      .bind(5, to_signed(place.folder.inode))
      .bind(6, to_ms(at))
      .bind_blob(7, place.prompt_name)
      .bind_blob(8, place.image_name)
      .run();
}

void LedgerStore::hold_doubt(std::int64_t job) {
  impl_->database.prepare("UPDATE jobs SET repeat_at = NULL WHERE id = ?1").bind(1, job).run();
}

void LedgerStore::release(std::int64_t job, SystemTime at) {
  impl_->change(job, LedgerState::released, std::nullopt, at);
  impl_->database.prepare("UPDATE jobs SET keys = keys + 1, is_said = 0 WHERE id = ?1").bind(1, job).run();
}

void LedgerStore::settle_accepted(std::int64_t job, const std::string& api_id, const std::string& answer,
                                  SystemTime at) {
  impl_->database
      .prepare(
          "UPDATE attempts SET verdict = 'accepted', api_id = ?2, answer = ?3, reason = 'settled by hand' "
          "WHERE "
          "id = (SELECT max(id) FROM attempts WHERE job = ?1 AND verdict = 'doubt')")
      .bind(1, job)
      .bind(2, api_id)
      .bind_blob(3, answer)
      .run();
  impl_->change(job, LedgerState::accepted, std::nullopt, at);
}

void LedgerStore::settle_not_accepted(std::int64_t job, SystemTime at) {
  impl_->database
      .prepare(
          "UPDATE attempts SET verdict = 'unsent', reason = 'settled by hand' WHERE job = ?1 AND verdict = "
          "'doubt'")
      .bind(1, job)
      .run();
  impl_->change(job, LedgerState::unsent, std::nullopt, at);
}

void LedgerStore::set_held(bool is_held) {
  impl_->write_meta("held", is_held ? "1" : "0");
}

void LedgerStore::write_identity(const LedgerIdentity& identity) {
  impl_->write_meta("uuid", identity.uuid);
  impl_->write_meta("marked_generation", std::to_string(identity.marked_generation));
  impl_->write_meta("root_device", std::to_string(to_signed(identity.root.device)));
  impl_->write_meta("root_inode", std::to_string(to_signed(identity.root.inode)));
  impl_->write_meta("hidden_born_ns", std::to_string(identity.root.hidden_born_ns));
}

std::int64_t LedgerStore::raise_generation() {
  impl_->raise.step();
  const std::int64_t generation = std::stoll(impl_->raise.bytes(0));
  impl_->raise.reset();
  impl_->last_generation = generation;
  return generation;
}

std::int64_t LedgerStore::last_generation() const {
  return impl_->last_generation;
}

void LedgerStore::mark_generation(std::int64_t generation) {
  impl_->write_meta("marked_generation", std::to_string(generation));
}

void LedgerStore::renumber_device(std::uint64_t from, std::uint64_t to) {
  for (const char* const column : {"prompt_device", "image_device", "folder_device"}) {
    const std::string name(column);
    impl_->database.prepare("UPDATE jobs SET " + name + " = ?2 WHERE " + name + " = ?1")
        .bind(1, to_signed(from))
        .bind(2, to_signed(to))
        .run();
  }
}

void LedgerStore::erase(std::int64_t job) {
  impl_->database
      .prepare(
          "DELETE FROM jobs WHERE id = ?1 AND (state IN ('unsent', 'refused', 'released') OR (state = "
          "'accepted' AND "
          "is_published))")
      .bind(1, job)
      .run();
}

}  // namespace reeld
