#pragma once
// What the ledger knows, as questions. Changes nothing.
//
// Threads: one at a time, together with the connection that it reads through. Errors: SqliteError.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/records.hpp"
#include "ledger/sqlite.hpp"
#include "scheduler/masses.hpp"

namespace reeld {

/// From a ledger of any version.
LedgerIdentity read_ledger_identity(Database& database);

class LedgerReader {
 public:
  /// `database` is kept by the caller.
  explicit LedgerReader(Database& database);

  /// Jobs that may be kin to a pair by its path, or by the inodes of both files: the newest of the path, for
  /// a name may be used again and again.
  std::vector<KnownJob> list_kin(const JobName& name, const PairIdentity& pair);
  bool has_jobs();
  /// Whether any job was made of files of these sizes: if none was, no content need be read to know that.
  bool has_sizes(std::uint64_t prompt, std::uint64_t image);
  /// ... of that prompt, with an image of that size.
  bool has_prompt(const ContentDigest& prompt, const PairIdentity& sizes);
  /// Jobs of both contents, wherever they were; the newest of them.
  std::vector<KnownJob> list_by_content(const FoundPair& pair);
  /// What is known of the pair, by all of these, with what `pair` says of its contents. `originals`: jobs
  /// whose own pairs were found in place.
  Recognition find(const FoundPair& pair, const std::vector<std::int64_t>& originals = {});
  /// What follows from all that are kin, completed from the ledger.
  Recognition conclude(const std::vector<KinJob>& kin, FoundPair pair);
  /// The job that was last at this path.
  std::optional<KnownJob> find_at(const JobName& name);
  std::optional<JobRecord> read(std::int64_t job);
  /// The newest job of each path, in the order of folders and stems; nothing is being asked meanwhile.
  void visit_newest(const std::function<void(const JobName& name, std::int64_t job)>& visit);

  /// Whether an accepted job has that id at the API; `but` is not asked, as a number of the ledger's. Or
  /// whether the answer that gave the id `beside` gave this one, too.
  bool knows_answer(const std::string& api_id, std::int64_t but = 0, const std::string& beside = "");
  /// Intents without an end: jobs.
  std::vector<std::int64_t> list_open();
  /// Jobs whose result is in the ledger and not, or not surely, in its folder.
  std::vector<std::int64_t> list_unpublished();
  /// Refused jobs whose error file is not, or not surely, in its folder. Where the pair has gone, nothing is
  /// owed.
  std::vector<std::int64_t> list_unpublished_refusals();
  /// Jobs in doubt, oldest first.
  std::vector<std::int64_t> list_doubts();
  std::uint64_t count_doubts();
  /// Of what `list_unpublished` lists, what has been owed since before then.
  std::uint64_t count_owed_before(SystemTime then);
  /// The latest attempts that ended otherwise than accepted, newest first, among the last few thousand.
  std::vector<TroubleRecord> list_troubles(std::size_t most);
  /// When attempts since then were intended that were accepted, are in doubt, or may still become either:
  /// what has been, or may be, paid for. Oldest first.
  std::vector<SystemTime> list_billable_since(SystemTime since);
  std::map<std::string, std::uint64_t> count_by_state();
  /// Jobs that have changed last before then, of which nothing is open, in doubt or owed, and whose texts are
  /// still there; at most `most`.
  std::vector<FinishedJob> list_finished_before(SystemTime then, std::int64_t after, std::size_t most);

  LedgerIdentity read_identity();
  bool is_held();
  MassState read_mass_state();
  /// Of the digests in this ledger.
  std::uint64_t digest_seed();

 private:
  std::vector<std::int64_t> list(const char* condition);

  Database& database_;
  // Prepared once: they are asked for every pair.
  std::vector<KnownJob> take_jobs(Statement& statement);
  void add_of_files(const PairIdentity& pair, std::int64_t prompt_born, std::int64_t image_born,
                    std::vector<KnownJob>& to);
  void add_prompt_start(KnownJob& job);
  /// That were seen in the answers of a job in doubt, but for that one; the oldest first.
  std::vector<std::string> list_ids(std::int64_t job, const std::string& but);

  Statement find_at_path_, find_files_, find_sizes_, find_prompt_, find_content_;
  Statement read_key_, read_start_, read_job_, read_attempt_, read_span_;
};

}  // namespace reeld
