#pragma once
// The ledger's rules over its tables, one call a transition. Everything is synchronous and within the
// caller's transaction: ledger/group_commit shares one sync among many; commands use it directly.
//
// Threads: one at a time. Errors: SqliteError.
// Durability: what a transaction wrote survives a power cut once its COMMIT has returned (WAL,
// synchronous=FULL).

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/records.hpp"

namespace reeld {

class LedgerStore {
 public:
  /// Opens, or creates, and migrates. Errors: SqliteError.
  explicit LedgerStore(const std::string& path);
  ~LedgerStore();

  void begin();
  void commit();
  void roll_back() noexcept;

  /// The job becomes `intended`. A job that may be sent again (unsent, refused, released) keeps its row.
  AttemptId add_intent(const IntentRecord& intent);
  void end_attempt(const EndRecord& end);
  void mark_published(std::int64_t job);
  /// The operator's word: the job may be sent again.
  void release(std::int64_t job, SystemTime at);
  /// A pair was found elsewhere: its job, and so its result, goes with it.
  void move_job(std::int64_t job, const JobName& name, FolderIdentity folder, SystemTime at);

  /// The job that this pair is, if the ledger knows it.
  std::optional<KnownJob> find(const JobName& name, const PairIdentity& pair);
  std::vector<OpenIntent> list_open();
  std::vector<OwedResult> list_owed();
  std::optional<EndRecord> find_last_end(std::int64_t job);
  /// Attempts since then that were accepted, are in doubt, or may still become either: what has been, or may
  /// be, paid for.
  std::uint64_t count_spent_since(SystemTime since);

  std::string read_meta(const std::string& name);
  void write_meta(const std::string& name, const std::string& value);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
