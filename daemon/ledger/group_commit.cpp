#include "ledger/group_commit.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>

#include <algorithm>
#include <csignal>

#include "ledger/reserve.hpp"
#include "ledger/schema.hpp"
#include "ledger/sqlite.hpp"
#include "sys/file_status.hpp"

namespace reeld {
namespace {

bool is_out_of_space(const SqliteError& error) {
  // A quota shows as a failed write.
  return (error.code & 0xff) == SQLITE_FULL || error.code == SQLITE_IOERR_WRITE;
}

/// Nothing in it where there is no file.
FileIdentity look_at(const std::string& path) {
  return look_up_status(AT_FDCWD, path).status.identity;
}

/// Before anything is written to what may be another program's by now.
void require_ledger(Database& database) {
  if (!has_ledger_schema(database))
    throw SqliteError("open " + database.path() + " anew: it is no ledger; stop reeld and look",
                      SQLITE_NOTFOUND);
}

std::string log_of(const std::string& path) {
  return path + "-wal";
}

bool has_inode_of(const FileIdentity& one, const FileIdentity& other) {
  return one.inode == other.inode && one.device == other.device;
}

void block_signals() {
  ::sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

GroupCommit::GroupCommit(std::string path, std::unique_ptr<LedgerStore> store, LedgerReserve* reserve,
                         Deliver deliver, std::function<int()> readers)
    : path_(std::move(path)),
      store_(std::move(store)),
      reserve_(reserve),
      deliver_(std::move(deliver)),
      readers_(std::move(readers)) {
  identity_ = store_->reader().read_identity();
  file_ = look_at(path_);
  log_ = look_at(log_of(path_));
  writer_ = std::thread([this] {
    block_signals();  // they are the loop's
    work();
  });
}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_one();
  writer_.join();
  if (store_) store_->checkpoint();
}

void GroupCommit::submit(std::uint64_t ticket, LedgerOperation operation) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({ticket, std::move(operation)});
  }
  changed_.notify_one();
}

void GroupCommit::work() {
  for (;;) {
    std::vector<Entry> batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_ending_ || !queue_.empty(); });
      if (queue_.empty()) return;
      batch.swap(queue_);
    }
    const std::string error = write(batch);
    std::vector<Outcome> outcomes;
    outcomes.reserve(batch.size());
    for (const Entry& entry : batch) outcomes.push_back({entry.ticket, error, is_log_lost_});
    if (!error.empty()) note_undos(batch);
    deliver_(std::move(outcomes));
  }
}

/// Returns what went wrong, "" if nothing.
std::string GroupCommit::write(const std::vector<Entry>& batch) {
  try {
    write_once(batch);
    return {};
  } catch (const SqliteError& error) {
    store_.reset();
    if (reserve_ == nullptr || !is_out_of_space(error)) return error.what();
    // What is kept for the answers of all that is in flight: this is what it is for.
    reserve_->give_up();
  } catch (const std::exception& fault) {
    store_.reset();
    return fault.what();
  }
  try {
    write_once(batch);
    return {};
  } catch (const std::exception& error) {
    store_.reset();
    return error.what();
  }
}

/// What is written into a file that was removed, or replaced by another, is seen by nobody any more.
void GroupCommit::require_still_there() {
  if (!has_inode_of(look_at(path_), file_)) {
    throw SqliteError(
        "write " + path_ +
            ": it was removed or replaced, or a folder above it renamed; put it back, or start reeld anew",
        SQLITE_NOTFOUND);
  }
  const std::string log = log_of(path_);
  const FileIdentity found = look_at(log);
  if (has_inode_of(found, log_)) return;
  is_log_lost_ = true;
  // It is still open here: what stands in it alone goes into the database, as long as nobody has begun
  // another.
  const bool is_kept = found.inode == 0 && store_->checkpoint();
  throw SqliteError(
      "write " + path_ + ": its log " + log + " was removed or replaced" +
          (is_kept ? "; what it held is written into the database, and a new one is begun" : ""),
      SQLITE_NOTFOUND);
}

void GroupCommit::write_once(const std::vector<Entry>& batch) {
  if (!store_) open_anew();
  require_still_there();
  store_->begin();
  try {
    for (const auto& undo : compensations_) undo(*store_);
    for (const Entry& entry : batch) entry.operation.run(*store_);
    store_->commit();
  } catch (...) {
    store_->roll_back();
    throw;
  }
  compensations_.clear();
  identity_.generation = std::max(identity_.generation, store_->last_generation());
}

/// What lies at the path by now may be another ledger: its disk may have been unmounted, or a backup put
/// there.
void GroupCommit::open_anew() {
  if (is_log_lost_ && readers_ && readers_() > 0)
    throw SqliteError("open " + path_ + " anew: questions to it are still under way", SQLITE_NOTFOUND);
  auto again = std::make_unique<LedgerStore>(path_, Database::Access::existing, require_ledger);
  const LedgerIdentity found = again->reader().read_identity();
  if (found.uuid != identity_.uuid || found.generation < identity_.generation) {
    throw SqliteError("open " + path_ + " anew: it is not the ledger that it was; stop reeld and look",
                      SQLITE_NOTFOUND);
  }
  store_ = std::move(again);
  file_ = look_at(path_);
  log_ = look_at(log_of(path_));
  is_log_lost_ = false;
}

void GroupCommit::note_undos(std::vector<Entry>& batch) {
  for (Entry& entry : batch) {
    if (entry.operation.undo) compensations_.push_back(std::move(entry.operation.undo));
  }
}

}  // namespace reeld
