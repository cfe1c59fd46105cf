#pragma once
// What is read of the ledger: on connections of its own, so that no question waits for a write. The questions
// run on the workers; those that read an image on a thread of their own, so that what waits for the workers
// does not wait for that.
//
// Lifetime: outlives every question. Threads: the loop's. Errors: SqliteError out of the await.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/known_job.hpp"
#include "core/ready_pair.hpp"
#include "ledger/ledger_store.hpp"
#include "spool/pair_lookup.hpp"

namespace reeld {

class LedgerQuestions {
 public:
  /// `store`: the same ledger, at the start. `spool_fd` and `workers` are kept by the caller.
  LedgerQuestions(std::string path, LedgerStore& store, int spool_fd, boost::asio::thread_pool& workers);
  ~LedgerQuestions();
  LedgerQuestions(const LedgerQuestions&) = delete;
  LedgerQuestions& operator=(const LedgerQuestions&) = delete;

  /// What is known of each pair; null where the ledger knows nothing, "unread" where an image has to be read
  /// to tell (`find_by_reading`).
  struct Found {
    std::shared_ptr<const Recognition> recognition;
    bool is_unread = false;
  };
  boost::asio::awaitable<std::vector<Found>> find(std::vector<ReadyPair> pairs);
  /// Reads the image.
  boost::asio::awaitable<std::shared_ptr<const Recognition>> find_by_reading(ReadyPair pair);
  /// Reads likewise.
  boost::asio::awaitable<PairLookup::UnderResult> compare_with_result(ReadyPair pair);
  /// Questions for the workers: what `PairLookup::find_settled` says, null for nothing; also where the
  /// ledger cannot be read, and for good once it was opened anew, for `find` asks again. None: the ledger was
  /// empty.
  OpenSettled settled_opener() const;
  boost::asio::awaitable<std::optional<JobRecord>> read(std::int64_t job);
  /// LedgerReader::knows_answer.
  boost::asio::awaitable<bool> knows_answer(std::string api_id, std::int64_t but, std::string beside);
  boost::asio::awaitable<bool> read_held();
  boost::asio::awaitable<LedgerNumbers> read_numbers(SystemTime now);
  boost::asio::awaitable<std::vector<FinishedJob>> find_finished(SystemTime before, std::int64_t after,
                                                                 std::size_t most);
  /// Of the digests in it.
  std::uint64_t digest_seed() const { return digest_seed_; }

  /// The ledger's log is lost: nothing can be read until `reopen`.
  void close();
  /// The file may be another one than it was: it was put back.
  void reopen();
  /// How many connections are open; for any thread, and for longer than this lives.
  std::function<int()> connection_counter() const;

 private:
  struct Connection;
  struct SettledQuestions;

  std::shared_ptr<Connection> connect() const;
  std::shared_ptr<Connection> require_connection() const;
  std::shared_ptr<Connection> require_reading_connection();

  const std::string path_;
  const int spool_fd_;
  boost::asio::thread_pool& workers_;
  const std::uint64_t digest_seed_;
  const bool had_jobs_;  // at the start
  const std::shared_ptr<std::atomic<int>> open_connections_ = std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<Connection> connection_;            // null while the ledger's log is lost
  std::shared_ptr<Connection> reading_connection_;    // on `reader_`; opened when first needed
  std::unique_ptr<boost::asio::thread_pool> reader_;  // one thread; made when first needed
};

}  // namespace reeld
