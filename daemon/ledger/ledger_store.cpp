#include "ledger/ledger_store.hpp"

#include "ledger/ledger_statements.hpp"
#include "ledger/schema.hpp"
#include "sys/random.hpp"

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

/// Once in a ledger's life: by other digests none of its jobs would be known again.
void seed_digests(Database& database) {
  if (database.read_number("SELECT count(*) FROM meta WHERE name = 'digest_seed'") != 0) return;
  database.prepare("INSERT INTO meta (name, value) VALUES ('digest_seed', ?1) ON CONFLICT (name) DO NOTHING")
      .bind(1, std::to_string(to_signed(random_word())))
      .run();
}

Database& prepare_tables(Database& database, const LedgerStore::Inspect& inspect) {
  if (inspect) inspect(database);
  database.run("PRAGMA synchronous = FULL");
  database.run("PRAGMA foreign_keys = ON");
  database.run("PRAGMA cache_size = -512");
  migrate(database);
  seed_digests(database);
  // Last: so a new ledger's header and tables are in its own file, where they can be looked at without its
  // log.
  database.run("PRAGMA journal_mode = WAL");
  return database;
}

// The columns that `bind_place` and `bind_pair` bind, in their order; the parameters before them are the
// statement's own.
const std::string place_columns =
    "folder, stem, folder_device, folder_inode, folder_born, prompt_name, image_name";
constexpr int count_of_place = 7;
const std::string pair_columns = list_file_columns("prompt") + ", " + list_file_columns("image");
constexpr int count_of_pair = 2 * file_columns;

std::string list_parameters(int first, int count) {
  std::string out;
  for (int number = first; number < first + count; ++number)
    out.append(out.empty() ? "?" : ", ?").append(std::to_string(number));
  return out;
}

const std::string insert_job_sql = "INSERT INTO jobs (state, changed_at, " + place_columns + ", " +
                                   pair_columns + ") VALUES ('intended', " +
                                   list_parameters(1, 1 + count_of_place + count_of_pair) + ")";
const std::string renew_job_sql =
    "UPDATE jobs SET state = 'intended', is_published = 0, is_said = 0, "
    "is_thinned = 0, changed_at = ?2, (" +
    place_columns + ", " + pair_columns + ") = (" + list_parameters(3, count_of_place + count_of_pair) +
    ") WHERE id = ?1";
const std::string move_job_sql = "UPDATE jobs SET repeat_at = NULL, changed_at = ?2, (" + place_columns +
                                 ") = (" + list_parameters(3, count_of_place) + ") WHERE id = ?1";
const std::string take_stamps_sql =
    "UPDATE jobs SET (" + pair_columns + ") = (" + list_parameters(2, count_of_pair) + ") WHERE id = ?1";

void bind_place(Statement& statement, int first, const NewPlace& place) {
  statement.bind_blob(first, place.name.folder)
      .bind_blob(first + 1, place.name.stem)
      .bind(first + 2, to_signed(place.folder.device))
      .bind(first + 3, to_signed(place.folder.inode))
      .bind(first + 4, place.folder.born_ns)
      .bind_blob(first + 5, place.prompt_name)
      .bind_blob(first + 6, place.image_name);
}

void bind_pair(Statement& statement, int first, const KnownStamps& pair) {
  bind_file(statement, first, pair.stamps.prompt, pair.digests.prompt, pair.proof.prompt);
  bind_file(statement, first + file_columns, pair.stamps.image, pair.digests.image, pair.proof.image);
}

/// What is accepted early, before the image was read to its end: until that is made good the very file stands
/// for what it held.
void take_very_image(FoundPair& pair, const std::vector<KnownJob>& kin) {
  for (const KnownJob& job : kin) {
    const bool is_it = is_its_image(job, pair.stamps.image) && job.pair.image.size == pair.stamps.image.size;
    if (!is_it) continue;
    pair.digests.image = job.digests.image;
    return;
  }
}

constexpr const char* insert_attempt_sql = R"sql(
  INSERT INTO attempts (token, job, keys, intended_at, url, fields, prompt_start, boundary, idempotency_key)
  VALUES (?1, ?2, (SELECT keys FROM jobs WHERE id = ?2), ?3, ?4, ?5, ?6, ?7, ?8))sql";

// The every-day statements have neither RETURNING nor GROUP BY: for either SQLite makes a table of its own
// each time, which costs as much as the change itself.
constexpr const char* find_attempt_sql = "SELECT job FROM attempts WHERE token = ?1 AND ended_at IS NULL";

constexpr const char* find_recorded_sql = "SELECT job FROM attempts WHERE token = ?1";

// What may be paid for outweighs all else, the latest first.
constexpr const char* spend_word_sql = R"sql(
  UPDATE jobs SET is_published = 1, repeat_at = NULL, (state, keys) =
    (SELECT CASE WHEN verdict = 'accepted' THEN 'accepted'
                 WHEN verdict IS NULL OR verdict = 'doubt' THEN 'doubt'
                 ELSE 'refused' END, attempts.keys
     FROM attempts WHERE job = ?1
     ORDER BY (verdict IS NULL OR verdict IN ('accepted', 'doubt')) DESC, id DESC LIMIT 1)
  WHERE id = ?1 AND EXISTS (SELECT 1 FROM attempts WHERE job = ?1))sql";

constexpr const char* find_account_sql = R"sql(
  SELECT job FROM attempts JOIN jobs ON jobs.id = attempts.job
  WHERE token = ?1 AND verdict = 'account' AND jobs.state = 'unsent'
    AND attempts.id = (SELECT max(id) FROM attempts WHERE job = jobs.id))sql";

constexpr const char* end_attempt_sql = R"sql(
  UPDATE attempts SET ended_at = ?2, verdict = ?3, reason = ?4, http_status = ?5, request_id = ?6,
                      headers = ?7, api_id = ?8, bytes = ?9, image_sha256 = ?10, answer = ?11
  WHERE token = ?1)sql";

constexpr const char* raise_generation_sql = R"sql(
  INSERT INTO meta (name, value) VALUES ('generation', max(1, ?1))
  ON CONFLICT (name) DO UPDATE SET value = max(value + 1, ?1))sql";

constexpr const char* namesakes_sql = R"sql(
  SELECT jobs.id, jobs.folder, jobs.stem FROM attempts JOIN jobs ON jobs.id = attempts.job
  WHERE attempts.api_id = ?1 AND attempts.verdict = 'accepted'
    AND attempts.job <> (SELECT job FROM attempts WHERE token = ?2))sql";

constexpr const char* count_doubts_sql = R"sql(
  SELECT count(*) FROM attempts JOIN jobs ON jobs.id = attempts.job
  WHERE jobs.id = ?1 AND attempts.keys = jobs.keys AND verdict = 'doubt')sql";

}  // namespace

LedgerStore::Impl::Impl(const std::string& path, Database::Access access, const Inspect& inspect)
    : database(path, access),
      reader(prepare_tables(database, inspect)),
      begin(database.prepare("BEGIN IMMEDIATE")),
      commit(database.prepare("COMMIT")),
      insert_job(database.prepare(insert_job_sql)),
      renew_job(database.prepare(renew_job_sql)),
      take_stamps(database.prepare(take_stamps_sql)),
      insert_attempt(database.prepare(insert_attempt_sql)),
      find_attempt(database.prepare(find_attempt_sql)),
      find_account(database.prepare(find_account_sql)),
      end_attempt(database.prepare(end_attempt_sql)),
      namesakes(database.prepare(namesakes_sql)),
      count_doubts(database.prepare(count_doubts_sql)),
      change_state(database.prepare(
          "UPDATE jobs SET state = ?2, repeat_at = ?3, changed_at = ?4, is_published = 0 WHERE id = ?1")),
      publish(database.prepare("UPDATE jobs SET is_published = 1, repeat_at = NULL WHERE id = ?1")),
      tell(database.prepare(
          "UPDATE jobs SET is_published = ?2, repeat_at = NULL WHERE id = ?1 AND state = ?3")),
      raise(database.prepare(raise_generation_sql)),
      read_generation(database.prepare("SELECT value FROM meta WHERE name = 'generation'")) {}

LedgerStore::LedgerStore(const std::string& path, Database::Access access, const Inspect& inspect)
    : impl_(std::make_unique<Impl>(path, access, inspect)) {}
LedgerStore::~LedgerStore() = default;

LedgerReader& LedgerStore::reader() {
  return impl_->reader;
}

void LedgerStore::begin() {
  impl_->begin.run();
  impl_->has_raised = false;
}
void LedgerStore::commit() {
  impl_->commit.run();
}
void LedgerStore::roll_back() noexcept {
  try {
    impl_->database.run("ROLLBACK");
  } catch (const SqliteError&) {
    // Nothing was begun, or SQLite has rolled back already.
  }
}

/// The job of an attempt, ended or not.
std::optional<std::int64_t> LedgerStore::Impl::find_recorded(const std::string& token) {
  Statement statement = database.prepare(find_recorded_sql);
  statement.bind(1, token);
  return statement.step() ? std::optional(statement.number(0)) : std::nullopt;
}

/// With the digests of what is really sent.
Recognition LedgerStore::Impl::recognize(const IntentRecord& intent) {
  FoundPair pair;
  pair.name = intent.job;
  pair.stamps = intent.pair;
  pair.digests = intent.digests;
  pair.prompt_start = intent.prompt_start;
  if ((intent.is_repeat || intent.is_answered) && !pair.digests.image)
    take_very_image(pair, reader.list_kin(pair.name, pair.stamps));
  return reader.find(pair, intent.originals);
}

/// The doubt is told now, for its repeat has sent something else.
void LedgerStore::Impl::give_up_repeat(const KnownJob& known, const IntentRecord& intent) {
  const bool is_its = known.name == intent.job && known.state == LedgerState::doubt && known.repeat_at;
  if (is_its) change(known.id, LedgerState::doubt, std::nullopt, intent.at);
}

/// The job is again what it was before a person said that it is to run again.
void LedgerStore::Impl::spend_word(std::int64_t job) {
  database.prepare(spend_word_sql).bind(1, job).run();
}

IntentAnswer LedgerStore::add_intent(const IntentRecord& intent) {
  IntentAnswer out;
  if (intent.is_answered) {
    // What is being written anew, after a failure that was none.
    if (const auto recorded = impl_->find_recorded(intent.token)) {
      out.job = *recorded;
      out.generation = impl_->last_generation;
      return out;
    }
  }
  Recognition found = impl_->recognize(intent);
  const bool is_due_repeat = intent.is_repeat && found.disposition == Disposition::repeat;
  const bool may_go_on = found.disposition == Disposition::send || is_due_repeat;
  if (!may_go_on && !intent.is_answered) {
    out.known = std::move(found.known);
    return out;
  }
  const NewPlace place{intent.job, intent.folder, intent.prompt_name, intent.image_name};
  const KnownStamps stamps{intent.pair, intent.digests, intent.proof};
  if (!may_go_on && intent.is_repeat) impl_->give_up_repeat(*found.known, intent);
  // What the API has made of a pair that must not be sent is a job of its own.
  const bool is_renewed = may_go_on && found.known && found.match != PairMatch::half_replaced;
  Statement& statement = is_renewed ? impl_->renew_job : impl_->insert_job;
  int next = 1;
  if (is_renewed) statement.bind(next++, found.known->id);
  statement.bind(next++, to_ms(intent.at));
  bind_place(statement, next, place);
  bind_pair(statement, next + count_of_place, stamps);
  statement.run();
  out.job = is_renewed ? found.known->id : impl_->database.last_row();
  for (const std::int64_t job : found.words) {
    if (job != out.job) impl_->spend_word(job);
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
  // Once for all of a transaction: they are in the file together or not at all.
  const bool is_raised = impl_->has_raised && impl_->database.is_in_transaction();
  out.generation = is_raised ? impl_->last_generation : raise_generation();
  return out;
}

/// Of an attempt that has not ended.
std::optional<std::int64_t> LedgerStore::Impl::find_job(const EndRecord& end) {
  const auto find = [&](Statement& statement) {
    statement.bind(1, end.token);
    const auto out = statement.step() ? std::optional(statement.number(0)) : std::nullopt;
    statement.reset();
    return out;
  };
  const auto open = find(find_attempt);
  // An answer that was taken for one about all, and turned out to be the pair's own.
  return !open && end.verdict == Verdict::refused ? find(find_account) : open;
}

void LedgerStore::end_attempt(const EndRecord& end) {
  // Not there, or ended already: this is being written anew after a failure that was none.
  const std::optional<std::int64_t> job = impl_->find_job(end);
  if (!job) return;
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
      .bind_blob(11, end.answer)
      .run();

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

std::optional<JobName> LedgerStore::find_namesake(const EndRecord& end) {
  if (end.verdict != Verdict::accepted || end.api_id.empty()) return std::nullopt;
  Statement& namesakes = impl_->namesakes;
  namesakes.bind(1, end.api_id).bind(2, end.token);
  std::optional<JobName> found;
  std::int64_t job = 0;
  while (namesakes.step()) {
    const bool is_another = found && namesakes.number(0) != job;
    if (is_another) {
      found.reset();
      break;
    }
    job = namesakes.number(0);
    found = JobName{namesakes.bytes(1), namesakes.bytes(2)};
  }
  namesakes.reset();
  return found;
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

void LedgerStore::mark_published_as(std::int64_t job, LedgerState told, bool is_left_behind) {
  // By far the most often: nobody settles what was accepted.
  if (told == LedgerState::accepted && !is_left_behind) return mark_published(job);
  impl_->tell.bind(1, job)
      .bind(2, is_left_behind ? published_without_pair : std::int64_t{1})
      .bind(3, word_of(told))
      .run();
}

void LedgerStore::mark_said(std::int64_t job, std::uint64_t mark) {
  impl_->database.prepare("UPDATE jobs SET is_said = ?2 WHERE id = ?1")
      .bind(1, job)
      .bind(2, to_signed(mark))
      .run();
}

bool LedgerStore::checkpoint() noexcept {
  try {
    Statement fold = impl_->database.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
    return fold.step() && fold.number(0) == 0;  // 1: something else reads it
  } catch (const SqliteError&) {
    return false;  // the log is part of the ledger, and as good
  }
}

void LedgerStore::move_job(std::int64_t job, const NewPlace& place, SystemTime at) {
  Statement statement = impl_->database.prepare(move_job_sql);
  statement.bind(1, job).bind(2, to_ms(at));
  bind_place(statement, 3, place);
  statement.run();
}

void LedgerStore::take_stamps(std::int64_t job, const KnownStamps& pair) {
  impl_->take_stamps.bind(1, job);
  bind_pair(impl_->take_stamps, 2, pair);
  impl_->take_stamps.run();
}

std::int64_t LedgerStore::raise_generation(std::int64_t least) {
  impl_->raise.bind(1, least).run();
  impl_->read_generation.step();
  impl_->last_generation = std::stoll(impl_->read_generation.bytes(0));
  impl_->read_generation.reset();
  impl_->has_raised = true;
  return impl_->last_generation;
}

std::int64_t LedgerStore::last_generation() const {
  return impl_->last_generation;
}

}  // namespace reeld
