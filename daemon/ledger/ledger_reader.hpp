#pragma once
// What the ledger knows, as questions. Changes nothing.
//
// Threads: one at a time, together with the connection that it reads through. Errors: SqliteError.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/records.hpp"
#include "ledger/sqlite.hpp"

namespace reeld {

class LedgerReader {
 public:
  /// `database` is kept by the caller.
  explicit LedgerReader(Database& database);

  /// The job that this pair is, if the ledger knows it. What must not be sent again goes before what may.
  std::optional<KnownJob> find(const JobName& name, const PairIdentity& pair);
  /// The job that was last at this path.
  std::optional<KnownJob> find_at(const JobName& name);
  std::optional<JobRecord> read(std::int64_t job);

  /// Whether an accepted job has that id at the API.
  bool knows_answer(const std::string& api_id);
  /// Intents without an end: jobs.
  std::vector<std::int64_t> list_open();
  /// Jobs whose result is in the ledger and not, or not surely, in its folder.
  std::vector<std::int64_t> list_owed();
  /// Refused jobs whose error file is not, or not surely, in its folder. Where the pair has gone, nothing is
  /// owed.
  std::vector<std::int64_t> list_untold_refusals();
  /// Jobs in doubt, oldest first.
  std::vector<std::int64_t> list_doubts();
  std::uint64_t count_doubts();
  /// Of what `list_owed` lists, what has been owed since before then.
  std::uint64_t count_owed_before(SystemTime then);
  /// The latest attempts that ended otherwise than accepted, newest first, among the last few thousand.
  std::vector<TroubleRecord> list_troubles(std::size_t most);
  /// When attempts since then were intended that were accepted, are in doubt, or may still become either:
  /// what has been, or may be, paid for. Oldest first.
  std::vector<SystemTime> list_spent_since(SystemTime since);
  std::map<std::string, std::uint64_t> count_by_state();
  /// Jobs that have changed last before then, and of which nothing is open, in doubt or owed; at most `most`.
  std::vector<FinishedJob> list_finished_before(SystemTime then, std::int64_t after, std::size_t most);

  LedgerIdentity read_identity();
  bool is_held();

 private:
  std::vector<std::int64_t> list(const char* condition);
  std::string read_meta(std::string_view name);

  Database& database_;
  // Prepared once: they are asked for every pair.
  Statement find_kin_, read_job_, read_attempt_, read_span_;
};

}  // namespace reeld
