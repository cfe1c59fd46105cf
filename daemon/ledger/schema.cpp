#include "ledger/schema.hpp"

#include <sqlite3.h>

#include <array>
#include <set>

#include "ledger/ledger_copy.hpp"

namespace reeld {
namespace {

// Step n leads from version n to n + 1. Steps are never changed once released; new ones are added.
constexpr std::array<const char*, schema_version> steps{R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  folder BLOB NOT NULL, stem BLOB NOT NULL,             -- names are bytes
  prompt_name BLOB NOT NULL, image_name BLOB NOT NULL,
  folder_device INTEGER NOT NULL, folder_inode INTEGER NOT NULL,
  prompt_device INTEGER NOT NULL, prompt_inode INTEGER NOT NULL,
  prompt_size INTEGER NOT NULL, prompt_mtime INTEGER NOT NULL,
  image_device INTEGER NOT NULL, image_inode INTEGER NOT NULL,
  image_size INTEGER NOT NULL, image_mtime INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intended', 'unsent', 'refused', 'accepted', 'doubt', 'released')),
  is_published INTEGER NOT NULL DEFAULT 0,              -- 2: where its pair was no more
  is_said INTEGER NOT NULL DEFAULT 0,                   -- what pair.known was logged about: a mark of it
  repeat_at INTEGER,                                    -- of a doubt: milliseconds since the epoch, as everywhere
  keys INTEGER NOT NULL DEFAULT 0,                      -- how often a person has said: run it again
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_prompt ON jobs (prompt_inode);
CREATE INDEX jobs_by_image ON jobs (image_inode);
CREATE INDEX jobs_by_name ON jobs (stem, folder);
CREATE INDEX jobs_open ON jobs (id) WHERE state = 'intended';
CREATE INDEX jobs_owed ON jobs (id) WHERE is_published = 0 AND state IN ('accepted', 'doubt');
CREATE INDEX jobs_untold ON jobs (id) WHERE is_published = 0 AND state = 'refused';
CREATE INDEX jobs_in_doubt ON jobs (id) WHERE state = 'doubt';

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  keys INTEGER NOT NULL,                                -- jobs.keys at that time
  intended_at INTEGER NOT NULL, ended_at INTEGER,
  url TEXT NOT NULL, fields TEXT NOT NULL, prompt_start TEXT NOT NULL, boundary TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  verdict TEXT, reason TEXT, http_status INTEGER, request_id TEXT, headers TEXT, api_id TEXT, bytes INTEGER,
  image_sha256 TEXT, answer BLOB
) STRICT;
CREATE INDEX attempts_by_job ON attempts (job);
CREATE INDEX attempts_by_time ON attempts (intended_at);
)sql",
                                                        R"sql(
ALTER TABLE jobs ADD COLUMN prompt_born INTEGER NOT NULL DEFAULT 0;   -- 0: not told
ALTER TABLE jobs ADD COLUMN prompt_ctime INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN prompt_digest BLOB;                       -- of the whole file: 16 bytes
ALTER TABLE jobs ADD COLUMN prompt_proof INTEGER NOT NULL DEFAULT 0;  -- the stamp proves the digest
ALTER TABLE jobs ADD COLUMN image_born INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN image_ctime INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN image_digest BLOB;
ALTER TABLE jobs ADD COLUMN image_proof INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN folder_born INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN is_thinned INTEGER NOT NULL DEFAULT 0;    -- its texts were forgotten
DROP INDEX jobs_by_prompt;
DROP INDEX jobs_by_image;
CREATE INDEX jobs_by_files ON jobs (prompt_inode, image_inode, prompt_born, image_born);
CREATE INDEX attempts_by_id ON attempts (api_id) WHERE verdict = 'accepted';
CREATE INDEX jobs_by_content ON jobs (image_size, prompt_size, prompt_digest, image_digest);
-- Of a refusal it is the id of a job that was created all the same; until now an error's own id was kept as well.
UPDATE attempts SET api_id = '' WHERE verdict = 'refused' AND http_status NOT BETWEEN 200 AND 299;
)sql"};

std::size_t read_version(Database& database) {
  return static_cast<std::size_t>(database.read_number("PRAGMA user_version"));
}

bool is_marked_as_ledger(Database& database) {
  return database.read_number("PRAGMA application_id") == ledger_application_id;
}

void run_steps(Database& database, std::span<const char* const> wanted, const BeforeMigration& before) {
  const std::size_t version = read_version(database);  // another process may have been faster
  if (version > 0 && version < wanted.size() && before) before(database, static_cast<int>(version));
  for (std::size_t step = version; step < wanted.size(); ++step) database.run(wanted[step]);
  if (version < wanted.size()) database.run("PRAGMA user_version = " + std::to_string(wanted.size()));
  database.run("PRAGMA application_id = " + std::to_string(ledger_application_id));
}

/// Each table and index, and each table's columns. The texts that made them are not compared: versions of
/// SQLite write what ALTER TABLE makes of them in different ways.
std::set<std::string> list_schema(Database& database) {
  std::set<std::string> out;
  Statement objects = database.prepare(
      "SELECT type || ' ' || name || ' ' || tbl_name FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'");
  while (objects.step()) out.insert(objects.bytes(0));
  Statement columns = database.prepare(
      "SELECT s.name || '.' || c.name || ' ' || c.type || ' ' || c.pk || ' ' || c.hidden "
      "FROM sqlite_schema AS s, pragma_table_xinfo(s.name) AS c "
      "WHERE s.type = 'table' AND s.name NOT GLOB 'sqlite_*'");
  while (columns.step()) out.insert(columns.bytes(0));
  return out;
}

}  // namespace

void migrate(Database& database, std::span<const char* const> wanted, const BeforeMigration& before) {
  const std::size_t version = read_version(database);
  if (version > wanted.size()) {
    throw SqliteError("the ledger was written by a newer reeld (schema " + std::to_string(version) +
                          ", this one knows " + std::to_string(wanted.size()) + "); upgrade reeld",
                      SQLITE_MISMATCH);
  }
  if (version == wanted.size() && is_marked_as_ledger(database)) return;
  database.run("BEGIN IMMEDIATE");
  try {
    run_steps(database, wanted, before);
    database.run("COMMIT");
  } catch (...) {
    database.run_anyway("ROLLBACK");
    throw;
  }
}

void migrate(Database& database) {
  migrate(database, steps, copy_before_migration);
}

bool has_ledger_schema(Database& database) {
  const std::size_t version = read_version(database);
  if (version == 0 || version > steps.size()) return false;
  Database model(":memory:", Database::Access::read_write);
  migrate(model, std::span(steps).first(version), nullptr);
  return list_schema(database) == list_schema(model);
}

}  // namespace reeld
