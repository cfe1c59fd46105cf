#pragma once
// The ledger's rules over its tables, one call a transition. Everything is synchronous and within the
// caller's transaction: ledger/group_commit shares one sync among many; commands use it directly.
//
// Threads: one at a time. Errors: SqliteError.
// Durability: what a transaction wrote survives a power cut once its COMMIT has returned (WAL,
// synchronous=FULL).

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/ledger_reader.hpp"
#include "ledger/records.hpp"

namespace reeld {

class LedgerStore {
 public:
  /// Looks at what was opened before anything is written to it; throws SqliteError where that is wrong.
  using Inspect = std::function<void(Database& database)>;
  /// Opens, or creates, and migrates. ":memory:" is a ledger of its own, for tests. Errors: SqliteError.
  explicit LedgerStore(const std::string& path, Database::Access access = Database::Access::read_write,
                       const Inspect& inspect = nullptr);
  ~LedgerStore();

  void begin();
  void commit();
  void roll_back() noexcept;

  /// The job becomes `intended`, unless the ledger knows the pair as one that must not be sent: then nothing
  /// is changed, and the answer says what is known. An intent that is answered already becomes a job of its
  /// own even then.
  IntentAnswer add_intent(const IntentRecord& intent);
  /// An end that was recorded stands, but for one: the job's latest attempt ended as `account`, and it is
  /// known by now that the pair itself was refused.
  void end_attempt(const EndRecord& end);
  /// The other job that was accepted with the same id. None also where there are more than one: then it has
  /// been told at the second.
  std::optional<JobName> find_namesake(const EndRecord& end);
  /// An intent whose transaction failed may stand in the ledger all the same. It was never acted on.
  void void_intent(const std::string& token, SystemTime at);

  void mark_published(std::int64_t job);
  /// The same, unless a person has settled the job since: what was told is no longer so. `is_left_behind`: it
  /// was written where its pair was no more, and goes along once the pair is found.
  void mark_published_as(std::int64_t job, LedgerState told, bool is_left_behind);
  /// Other content may be sent from its path. What it was made of stays known, wherever that comes again.
  void leave_place(std::int64_t job);
  /// Likewise of a doubt, which keeps its name, for a person has still to settle it: no file is its own any
  /// more.
  void leave_files(std::int64_t job);
  void mark_said(std::int64_t job, std::uint64_t mark);
  /// At an end: what is in the log beside it goes into the ledger's own file, so that this alone is a backup.
  /// False: not all of it did, because somebody reads the ledger, or a file cannot be written.
  bool checkpoint() noexcept;
  /// A pair was found elsewhere: its job goes with it. A repeat that was due is not.
  void move_job(std::int64_t job, const NewPlace& place, SystemTime at);
  /// The pair's files were met again, touched, restored or read for the first time.
  void take_stamps(std::int64_t job, const KnownStamps& pair);
  /// A doubt that was to be repeated is held.
  void finalize_doubt(std::int64_t job);

  /// The operator's word: the job may be sent again, under a new idempotency key.
  void reopen(std::int64_t job, SystemTime at);
  /// The operator's word: the API has created the job. `answer` becomes its result.
  void settle_accepted(std::int64_t job, const std::string& api_id, const std::string& answer, SystemTime at);
  /// The operator's word: the API has not created it. The job may be sent again.
  void settle_not_accepted(std::int64_t job, SystemTime at);
  void set_held(bool is_held);
  /// Of scheduler/masses, over a restart.
  void set_mass_state(MassState state);

  /// The identity's numbers; the generation is raised by `raise_generation` only.
  void write_identity(const LedgerIdentity& identity);
  /// By one, or to `least` where that is more.
  std::int64_t raise_generation(std::int64_t least = 1);
  /// As it was last raised through this object; 0: never.
  std::int64_t last_generation() const;
  /// The spool's marker holds that generation, durably.
  void mark_generation(std::int64_t generation);
  /// Files keep their inodes over a reboot, but devices may be numbered anew.
  void renumber_device(std::uint64_t from, std::uint64_t to);
  /// Answers and texts of a finished job go; what it is known by, its state and the API's id stay.
  bool forget_texts(std::int64_t job);
  /// What is erased on this connection is overwritten, and not only no longer referred to.
  void overwrite_erased();

  LedgerReader& reader();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
