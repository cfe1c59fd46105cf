#include "ledger/ledger_reader.hpp"

#include <algorithm>
#include <charconv>

#include "core/kin_jobs.hpp"
#include "ledger/ledger_rows.hpp"

namespace reeld {
namespace {

// How many jobs of one path, and of one content, are looked at: the newest. What lies at a path was put there
// after the jobs before them.
constexpr std::int64_t max_at_path = 64;
constexpr std::int64_t max_files = 64;
constexpr std::int64_t max_content = 256;

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
constexpr const char* read_attempt_sql = R"sql(
  SELECT token, intended_at, ended_at, url, fields, prompt_start, boundary, idempotency_key,
         verdict, reason, http_status, request_id, headers, api_id, bytes, image_sha256, answer
  FROM attempts WHERE job = ?1
  ORDER BY (verdict IS (SELECT state FROM jobs WHERE id = ?1)) DESC, id DESC LIMIT 1)sql";

constexpr const char* read_span_sql = R"sql(
  SELECT count(*), min(CASE WHEN verdict = 'doubt' THEN intended_at END)
  FROM attempts JOIN jobs ON jobs.id = job
  WHERE job = ?1 AND attempts.keys = jobs.keys)sql";

constexpr const char* list_ids_sql = R"sql(
  SELECT DISTINCT api_id FROM attempts JOIN jobs ON jobs.id = job
  WHERE job = ?1 AND attempts.keys = jobs.keys AND verdict = 'doubt' AND api_id NOT IN ('', ?2)
  ORDER BY attempts.id)sql";

constexpr const char* read_start_sql = R"sql(
  SELECT prompt_start, intended_at FROM attempts WHERE job = ?1 ORDER BY id DESC LIMIT 1)sql";

constexpr const char* read_key_sql = R"sql(
  SELECT idempotency_key FROM attempts JOIN jobs ON jobs.id = job
  WHERE job = ?1 AND attempts.keys = jobs.keys ORDER BY attempts.id DESC LIMIT 1)sql";

constexpr const char* of_files = R"sql(
  prompt_inode = ?1 AND image_inode = ?2 AND prompt_born = ?3 AND image_born = ?4
  ORDER BY jobs.id DESC LIMIT ?5)sql";

constexpr const char* of_content = R"sql(
  image_size = ?1 AND prompt_size = ?2 AND prompt_digest = ?3 AND image_digest = ?4
  ORDER BY jobs.id DESC LIMIT ?5)sql";

constexpr const char* find_prompt_sql = R"sql(
  SELECT 1 FROM jobs WHERE image_size = ?1 AND prompt_size = ?2 AND prompt_digest = ?3 LIMIT 1)sql";

constexpr const char* count_owed_before_sql = R"sql(
  SELECT count(*) FROM jobs
  WHERE is_published = 0 AND state IN ('accepted', 'doubt') AND repeat_at IS NULL AND changed_at < ?1)sql";

constexpr const char* list_troubles_sql = R"sql(
  SELECT ended_at, verdict, reason, folder, stem FROM attempts JOIN jobs ON jobs.id = job
  WHERE attempts.id > (SELECT max(id) FROM attempts) - 5000 AND verdict <> 'accepted'
  ORDER BY attempts.id DESC LIMIT ?1)sql";

constexpr const char* list_billable_sql = R"sql(
  SELECT intended_at FROM attempts
  WHERE intended_at >= ?1 AND (verdict IS NULL OR verdict IN ('accepted', 'doubt'))
  ORDER BY intended_at)sql";

constexpr const char* list_finished_sql = R"sql(
  SELECT id, folder, stem, prompt_name, image_name, prompt_inode, image_inode FROM jobs
  WHERE changed_at < ?1 AND id > ?2 AND is_thinned = 0
    AND (state IN ('unsent', 'refused', 'released') OR (state = 'accepted' AND is_published))
  ORDER BY id LIMIT ?3)sql";

std::string select_jobs(const std::string& condition) {
  return "SELECT " + job_columns + " FROM jobs WHERE " + condition;
}

std::string read_meta(Database& database, std::string_view name) {
  Statement statement = database.prepare("SELECT value FROM meta WHERE name = ?1");
  statement.bind(1, name);
  return statement.step() ? statement.bytes(0) : "";
}

}  // namespace

LedgerReader::LedgerReader(Database& database)
    : database_(database),
      find_at_path_(
          database.prepare(select_jobs("stem = ?1 AND folder = ?2 ORDER BY jobs.id DESC LIMIT ?3"))),
      find_files_(database.prepare(select_jobs(of_files))),
      find_sizes_(database.prepare("SELECT 1 FROM jobs WHERE image_size = ?1 AND prompt_size = ?2 LIMIT 1")),
      find_prompt_(database.prepare(find_prompt_sql)),
      find_content_(database.prepare(select_jobs(of_content))),
      read_key_(database.prepare(read_key_sql)),
      read_start_(database.prepare(read_start_sql)),
      read_job_(database.prepare(select_jobs("id = ?1"))),
      read_attempt_(database.prepare(read_attempt_sql)),
      read_span_(database.prepare(read_span_sql)) {}

std::vector<KnownJob> LedgerReader::take_jobs(Statement& statement) {
  std::vector<KnownJob> out;
  while (statement.step()) out.push_back(read_job(statement));
  statement.reset();
  for (KnownJob& job : out) {
    if (!job.digests.prompt) add_prompt_start(job);
  }
  return out;
}

void LedgerReader::add_prompt_start(KnownJob& job) {
  read_start_.bind(1, job.id);
  if (read_start_.step()) {
    job.prompt_start = read_start_.bytes(0);
    job.sent_at = from_ms(read_start_.number(1));
  }
  read_start_.reset();
}

/// Equal to each column of an index, so that they come in their order and are not sorted.
void LedgerReader::add_of_files(const PairIdentity& pair, std::int64_t prompt_born, std::int64_t image_born,
                                std::vector<KnownJob>& to) {
  find_files_.bind(1, to_signed(pair.prompt.inode)).bind(2, to_signed(pair.image.inode));
  find_files_.bind(3, prompt_born).bind(4, image_born).bind(5, max_files);
  add_missing(to, take_jobs(find_files_));
}

std::vector<KnownJob> LedgerReader::list_kin(const JobName& name, const PairIdentity& pair) {
  find_at_path_.bind_blob(1, name.stem).bind_blob(2, name.folder).bind(3, max_at_path);
  std::vector<KnownJob> out = take_jobs(find_at_path_);
  // Inodes are used again and again: by birth it is told whose they are, where both are told.
  add_of_files(pair, pair.prompt.born_ns, pair.image.born_ns, out);
  if (pair.prompt.born_ns != 0) add_of_files(pair, 0, 0, out);
  return out;
}

bool LedgerReader::has_jobs() {
  return database_.read_number("SELECT EXISTS (SELECT 1 FROM jobs)") != 0;
}

bool LedgerReader::has_sizes(std::uint64_t prompt, std::uint64_t image) {
  find_sizes_.bind(1, to_signed(image)).bind(2, to_signed(prompt));
  const bool out = find_sizes_.step();
  find_sizes_.reset();
  return out;
}

bool LedgerReader::has_prompt(const ContentDigest& prompt, const PairIdentity& sizes) {
  find_prompt_.bind(1, to_signed(sizes.image.size)).bind(2, to_signed(sizes.prompt.size));
  bind_digest(find_prompt_, 3, prompt);
  const bool out = find_prompt_.step();
  find_prompt_.reset();
  return out;
}

std::vector<KnownJob> LedgerReader::list_by_content(const FoundPair& pair) {
  if (!pair.digests.prompt || !pair.digests.image) return {};
  find_content_.bind(1, to_signed(pair.stamps.image.size)).bind(2, to_signed(pair.stamps.prompt.size));
  bind_digest(find_content_, 3, *pair.digests.prompt);
  bind_digest(find_content_, 4, *pair.digests.image);
  find_content_.bind(5, max_content);
  return take_jobs(find_content_);
}

Recognition LedgerReader::find(const FoundPair& pair, const std::vector<std::int64_t>& originals) {
  const auto is_original = [&](const KnownJob& job) {
    return std::find(originals.begin(), originals.end(), job.id) != originals.end();
  };
  std::vector<KinJob> kin;
  const auto add = [&](std::vector<KnownJob> jobs) {
    for (KnownJob& job : jobs) {
      const bool is_there = is_original(job);
      kin.push_back({std::move(job), is_there});
    }
  };
  add(list_kin(pair.name, pair.stamps));
  add(list_by_content(pair));
  return conclude(kin, pair);
}

Recognition LedgerReader::conclude(const std::vector<KinJob>& kin, FoundPair pair) {
  Recognition out = recognize(kin, std::move(pair));
  if (!out.known) return out;
  read_key_.bind(1, out.known->id);
  if (read_key_.step()) out.known->idempotency_key = read_key_.bytes(0);
  read_key_.reset();
  return out;
}

std::optional<KnownJob> LedgerReader::find_at(const JobName& name) {
  find_at_path_.bind_blob(1, name.stem).bind_blob(2, name.folder).bind(3, std::int64_t{1});
  std::vector<KnownJob> found = take_jobs(find_at_path_);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::optional<JobRecord> LedgerReader::read(std::int64_t job) {
  JobRecord out;
  read_job_.bind(1, job);
  const bool is_there = read_job_.step();
  if (is_there) {
    out.job = read_job(read_job_);
    out.folder = read_folder(read_job_);
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
  if (out.job.state == LedgerState::doubt && out.attempts > 1) out.ids_before = list_ids(job, out.end.api_id);
  out.intent.job = out.job.name;
  out.intent.pair = out.job.pair;
  out.intent.digests = out.job.digests;
  out.intent.proof = out.job.proof;
  out.intent.folder = out.folder;
  out.intent.prompt_name = out.job.prompt_name;
  out.intent.image_name = out.job.image_name;
  return out;
}

std::vector<std::string> LedgerReader::list_ids(std::int64_t job, const std::string& but) {
  Statement ids = database_.prepare(list_ids_sql);
  ids.bind(1, job).bind(2, but);
  std::vector<std::string> out;
  while (ids.step()) out.push_back(ids.bytes(0));
  return out;
}

bool LedgerReader::knows_answer(const std::string& api_id, std::int64_t but, const std::string& beside) {
  Statement statement = database_.prepare(R"(
    SELECT 1 FROM attempts WHERE verdict = 'accepted' AND job <> ?2
    AND (api_id = ?1 OR (api_id = ?3 AND instr(answer, '"' || ?1 || '"') > 0)) LIMIT 1)");
  statement.bind(1, api_id).bind(2, but).bind(3, beside);
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

std::vector<std::int64_t> LedgerReader::list_unpublished() {
  return list("is_published = 0 AND state IN ('accepted', 'doubt') AND repeat_at IS NULL");
}

std::vector<std::int64_t> LedgerReader::list_unpublished_refusals() {
  return list("is_published = 0 AND state = 'refused'");
}

void LedgerReader::visit_newest(const std::function<void(const JobName&, std::int64_t)>& visit) {
  Statement statement = database_.prepare(
      "SELECT folder, stem, max(id) FROM jobs WHERE stem <> x'' GROUP BY folder, stem ORDER BY folder, stem");
  // All of it first: whoever visits may take its time, and an open question keeps the ledger's log from
  // ending.
  std::vector<std::pair<JobName, std::int64_t>> found;
  while (statement.step())
    found.emplace_back(JobName{statement.bytes(0), statement.bytes(1)}, statement.number(2));
  statement.reset();
  for (const auto& [name, job] : found) visit(name, job);
}

std::vector<std::int64_t> LedgerReader::list_doubts() {
  return list("state = 'doubt'");
}

std::uint64_t LedgerReader::count_doubts() {
  return from_signed(database_.read_number("SELECT count(*) FROM jobs WHERE state = 'doubt'"));
}

std::uint64_t LedgerReader::count_owed_before(SystemTime then) {
  Statement statement = database_.prepare(count_owed_before_sql);
  statement.bind(1, to_ms(then));
  return statement.step() ? from_signed(statement.number(0)) : 0U;
}

std::vector<TroubleRecord> LedgerReader::list_troubles(std::size_t most) {
  Statement statement = database_.prepare(list_troubles_sql);
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

std::vector<SystemTime> LedgerReader::list_billable_since(SystemTime since) {
  Statement statement = database_.prepare(list_billable_sql);
  statement.bind(1, to_ms(since));
  std::vector<SystemTime> out;
  while (statement.step()) out.push_back(from_ms(statement.number(0)));
  return out;
}

std::vector<FinishedJob> LedgerReader::list_finished_before(SystemTime then, std::int64_t after,
                                                            std::size_t most) {
  Statement statement = database_.prepare(list_finished_sql);
  statement.bind(1, to_ms(then)).bind(2, after).bind(3, static_cast<std::int64_t>(most));
  std::vector<FinishedJob> out;
  while (statement.step()) {
    FinishedJob job;
    job.id = statement.number(0);
    job.name = {statement.bytes(1), statement.bytes(2)};
    job.prompt_name = statement.bytes(3);
    job.image_name = statement.bytes(4);
    job.prompt_inode = from_signed(statement.number(5));
    job.image_inode = from_signed(statement.number(6));
    out.push_back(std::move(job));
  }
  return out;
}

std::map<std::string, std::uint64_t> LedgerReader::count_by_state() {
  Statement statement = database_.prepare("SELECT state, count(*) FROM jobs GROUP BY state");
  std::map<std::string, std::uint64_t> out;
  while (statement.step()) out[statement.bytes(0)] = from_signed(statement.number(1));
  return out;
}

LedgerIdentity LedgerReader::read_identity() {
  return read_ledger_identity(database_);
}

MassState LedgerReader::read_mass_state() {
  return reeld::read_mass_state(read_meta(database_, "mass"));
}

bool LedgerReader::is_held() {
  return read_meta(database_, "held") == "1";
}

std::uint64_t LedgerReader::digest_seed() {
  return from_signed(read_integer(read_meta(database_, "digest_seed")));
}

LedgerIdentity read_ledger_identity(Database& database) {
  LedgerIdentity out;
  out.uuid = read_meta(database, "uuid");
  out.generation = read_integer(read_meta(database, "generation"));
  out.marked_generation = read_integer(read_meta(database, "marked_generation"));
  out.root.device = from_signed(read_integer(read_meta(database, "root_device")));
  out.root.inode = from_signed(read_integer(read_meta(database, "root_inode")));
  out.root.hidden_born_ns = read_integer(read_meta(database, "hidden_born_ns"));
  return out;
}

}  // namespace reeld
