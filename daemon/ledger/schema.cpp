#include "ledger/schema.hpp"

#include <sqlite3.h>

#include <array>

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
  is_published INTEGER NOT NULL DEFAULT 0,
  is_said INTEGER NOT NULL DEFAULT 0,                   -- pair.known was logged
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
)sql"};

}  // namespace

void migrate(Database& database) {
  const auto version = static_cast<std::size_t>(database.read_number("PRAGMA user_version"));
  if (version > steps.size()) {
    throw SqliteError("the ledger was written by a newer reeld (schema " + std::to_string(version) +
                          ", this one knows " + std::to_string(steps.size()) + "); upgrade reeld",
                      SQLITE_MISMATCH);
  }
  for (std::size_t step = version; step < steps.size(); ++step) {
    database.run("BEGIN IMMEDIATE");
    database.run(steps[step]);
    database.run("PRAGMA user_version = " + std::to_string(step + 1));
    database.run("COMMIT");
  }
}

}  // namespace reeld
