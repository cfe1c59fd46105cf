#pragma once
// Rows of the ledger's tables from and to values.

#include <string>

#include "ledger/records.hpp"
#include "ledger/sqlite.hpp"

namespace reeld {

/// In `is_published`: see LedgerStore::mark_told.
constexpr std::int64_t published_without_pair = 2;

std::int64_t to_ms(SystemTime time);
SystemTime from_ms(std::int64_t ms);

// Devices and inodes are unsigned, SQLite's numbers are not: the bits are what counts.
inline std::int64_t to_signed(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}
inline std::uint64_t from_signed(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

/// Binds eight columns, from `first` on: `file_columns` in their order.
void bind_file(Statement& statement, int first, const FileIdentity& file,
               const std::optional<ContentDigest>& digest, bool is_proof);
void bind_digest(Statement& statement, int index, const ContentDigest& digest);
/// "prompt_device, prompt_inode, ...": the columns of one file; `which` is "prompt" or "image".
std::string list_file_columns(const std::string& which);
inline constexpr int file_columns = 8;

LedgerState state_of(const std::string& word);
Verdict verdict_of(const std::string& word);

/// What `read_job` and `read_folder` read, as the first columns of a SELECT from `jobs`.
extern const std::string job_columns;
KnownJob read_job(const Statement& statement);
FolderIdentity read_folder(const Statement& statement);

}  // namespace reeld
