"""Makes of a ledger one as the first version of reeld left it: without birth times, change times and digests, without a
mark in its header, and without a seed."""

import contextlib
import sqlite3

# Its own copy on purpose: ledgers of that version lie on people's disks, whatever becomes of the daemon's first step.
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY, folder BLOB NOT NULL, stem BLOB NOT NULL, prompt_name BLOB NOT NULL, image_name BLOB NOT NULL,
  folder_device INTEGER NOT NULL, folder_inode INTEGER NOT NULL, prompt_device INTEGER NOT NULL,
  prompt_inode INTEGER NOT NULL, prompt_size INTEGER NOT NULL, prompt_mtime INTEGER NOT NULL,
  image_device INTEGER NOT NULL, image_inode INTEGER NOT NULL, image_size INTEGER NOT NULL, image_mtime INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intended', 'unsent', 'refused', 'accepted', 'doubt', 'released')),
  is_published INTEGER NOT NULL DEFAULT 0, is_said INTEGER NOT NULL DEFAULT 0, repeat_at INTEGER,
  keys INTEGER NOT NULL DEFAULT 0, changed_at INTEGER NOT NULL) STRICT;
CREATE INDEX jobs_by_prompt ON jobs (prompt_inode);
CREATE INDEX jobs_by_image ON jobs (image_inode);
CREATE INDEX jobs_by_name ON jobs (stem, folder);
CREATE INDEX jobs_open ON jobs (id) WHERE state = 'intended';
CREATE INDEX jobs_owed ON jobs (id) WHERE is_published = 0 AND state IN ('accepted', 'doubt');
CREATE INDEX jobs_untold ON jobs (id) WHERE is_published = 0 AND state = 'refused';
CREATE INDEX jobs_in_doubt ON jobs (id) WHERE state = 'doubt';
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  keys INTEGER NOT NULL, intended_at INTEGER NOT NULL, ended_at INTEGER, url TEXT NOT NULL, fields TEXT NOT NULL,
  prompt_start TEXT NOT NULL, boundary TEXT NOT NULL, idempotency_key TEXT NOT NULL, verdict TEXT, reason TEXT,
  http_status INTEGER, request_id TEXT, headers TEXT, api_id TEXT, bytes INTEGER, image_sha256 TEXT, answer BLOB) STRICT;
CREATE INDEX attempts_by_job ON attempts (job);
CREATE INDEX attempts_by_time ON attempts (intended_at);
PRAGMA user_version = 1;
PRAGMA journal_mode = WAL;
"""


def make_old(path):
    """`path`: of a ledger that nobody has open."""
    old = path.with_name("old.db")
    with contextlib.closing(sqlite3.connect(old)) as database:
        database.executescript(SCHEMA)
        database.execute("ATTACH ? AS new", (str(path),))
        for table in ("meta", "jobs", "attempts"):
            columns = ", ".join(row[1] for row in database.execute(f"PRAGMA main.table_info({table})"))
            database.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        database.execute("DELETE FROM main.meta WHERE name IN ('digest_seed', 'root_born')")
        database.commit()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    old.rename(path)
