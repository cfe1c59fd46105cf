#pragma once
// One writer for the ledger: what arrives while a commit is under way is written by the next, so that many
// jobs share one sync.
//
// Lifetime: the destructor writes what is queued, then joins the writer; `deliver` is not called after it.
// Threads: `submit` from any thread; operations and `deliver` run on the writer's.
// Errors: a batch is written as a whole or not at all. After a failure the database is opened anew before
// anything else is written: a sync that succeeds after one that failed proves nothing. A failed batch may
// stand in the file all the same; `undo` of its operations is then part of the next transaction.
// Durability: when `deliver` says that an operation was written, it survives a power cut.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ledger/ledger_store.hpp"

namespace reeld {

class LedgerReserve;

/// One change. Both functions run within a transaction; they may throw SqliteError.
struct LedgerOperation {
  std::function<void(LedgerStore&)> run;
  std::function<void(LedgerStore&)> undo;  // may be empty
};

class GroupCommit {
 public:
  /// `ticket` as given to `submit`; `error` is empty when it was written.
  struct Outcome {
    std::uint64_t ticket = 0;
    std::string error;
    bool is_log_lost = false;  // who has the ledger open must close it: see `readers`
  };
  using Deliver = std::function<void(std::vector<Outcome>)>;

  /// `store` is open already. `reserve` may be null; it is kept by the caller. `readers`, if given, tells how
  /// many other connections this process has: once the ledger's log was lost, none may be left before it is
  /// opened anew, or the new one would share what they hold of the old.
  GroupCommit(std::string path, std::unique_ptr<LedgerStore> store, LedgerReserve* reserve, Deliver deliver,
              std::function<int()> readers = nullptr);
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  void submit(std::uint64_t ticket, LedgerOperation operation);

 private:
  struct Entry {
    std::uint64_t ticket;
    LedgerOperation operation;
  };

  void work();
  std::string write(const std::vector<Entry>& batch);
  void write_once(const std::vector<Entry>& batch);
  void open_anew();
  void require_still_there();
  void note_undos(std::vector<Entry>& batch);

  const std::string path_;
  std::unique_ptr<LedgerStore> store_;  // null after a failure, until it could be opened anew
  LedgerReserve* const reserve_;
  const Deliver deliver_;
  const std::function<int()> readers_;
  FileIdentity file_;  // at the path when it was opened
  FileIdentity log_;   // likewise, the write-ahead log beside it
  bool is_log_lost_ = false;
  LedgerIdentity identity_;  // as it was when it was last written
  std::vector<std::function<void(LedgerStore&)>> compensations_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> queue_;
  bool is_ending_ = false;
  std::thread writer_;  // last: it uses everything above
};

}  // namespace reeld
