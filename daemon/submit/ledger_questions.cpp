#include "submit/ledger_questions.hpp"

#include <utility>

#include "async/offload.hpp"

namespace reeld {
namespace {

namespace asio = boost::asio;

/// Of most pairs nothing is known, and they are many.
std::shared_ptr<const Recognition> share_if_known(const ReadyPair& pair, Recognition recognition) {
  if (!recognition.known && recognition.originals.empty() && !pair.must_read) return nullptr;
  return std::make_shared<const Recognition>(std::move(recognition));
}

}  // namespace

/// Used on the workers only.
struct LedgerQuestions::Connection {
  /// One more in `count`, for as long as it lives.
  struct Counted {
    explicit Counted(std::shared_ptr<std::atomic<int>> shared) : count(std::move(shared)) { ++*count; }
    ~Counted() { --*count; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::shared_ptr<std::atomic<int>> count;
  };

  Connection(const std::string& path, int spool_fd, std::shared_ptr<std::atomic<int>> count)
      : counted(std::move(count)),
        database(path, Database::Access::read_only),
        reader(database),
        lookup(reader, spool_fd) {}
  Counted counted;  // first: it is counted until the database is closed
  Database database;
  LedgerReader reader;
  PairLookup lookup;
};

/// Some questions in one transaction: the locks of one cost as much as a question.
struct LedgerQuestions::SettledQuestions {
  explicit SettledQuestions(std::shared_ptr<Connection> shared)
      : connection(std::move(shared)), transaction(connection->database) {}

  std::shared_ptr<const Recognition> find(const ReadyPair& pair) {
    try {
      auto found = connection->lookup.find_settled(pair);
      return found ? std::make_shared<const Recognition>(std::move(*found)) : nullptr;
    } catch (const SqliteError&) {
      return nullptr;
    }
  }

  std::shared_ptr<Connection> connection;
  ReadTransaction transaction;  // last: it ends before the connection does
};

LedgerQuestions::LedgerQuestions(std::string path, LedgerStore& store, int spool_fd,
                                 asio::thread_pool& workers)
    : path_(std::move(path)),
      spool_fd_(spool_fd),
      workers_(workers),
      digest_seed_(store.reader().digest_seed()),
      had_jobs_(store.reader().has_jobs()),
      connection_(connect()) {}

LedgerQuestions::~LedgerQuestions() {
  if (reader_) reader_->join();
}

void LedgerQuestions::close() {
  connection_.reset();
  reading_connection_.reset();
}

void LedgerQuestions::reopen() {
  try {
    reading_connection_.reset();
    connection_ = connect();
  } catch (const SqliteError&) {
    // Who asks next hears of it.
  }
}

std::function<int()> LedgerQuestions::connection_counter() const {
  return [count = open_connections_] { return count->load(); };
}

std::shared_ptr<LedgerQuestions::Connection> LedgerQuestions::connect() const {
  return std::make_shared<Connection>(path_, spool_fd_, open_connections_);
}

std::shared_ptr<LedgerQuestions::Connection> LedgerQuestions::require_connection() const {
  if (!connection_)
    throw SqliteError("read " + path_ + ": its write-ahead log was removed; it is opened anew", 0);
  return connection_;
}

/// Of the thread that reads, which is made when it is first needed.
std::shared_ptr<LedgerQuestions::Connection> LedgerQuestions::require_reading_connection() {
  if (!reader_) reader_ = std::make_unique<asio::thread_pool>(1);
  if (!reading_connection_ && require_connection()) reading_connection_ = connect();
  return reading_connection_;
}

asio::awaitable<std::vector<LedgerQuestions::Found>> LedgerQuestions::find(std::vector<ReadyPair> pairs) {
  auto work = [connection = require_connection(), pairs = std::move(pairs)] {
    std::vector<Found> out(pairs.size());
    const ReadTransaction transaction(connection->database);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      auto recognition = connection->lookup.find_quickly(pairs[i]);
      out[i].is_unread = !recognition;
      if (recognition) out[i].recognition = share_if_known(pairs[i], std::move(*recognition));
    }
    return out;
  };
  auto out = co_await offload(workers_, std::move(work));
  co_return out;
}

OpenSettled LedgerQuestions::settled_opener() const {
  if (!had_jobs_) return nullptr;
  // It must not keep the connection: that may have to go.
  const std::weak_ptr<Connection> weak = connection_;
  return [weak]() -> FindSettled {
    auto shared = weak.lock();
    if (!shared) return nullptr;
    try {
      const auto asked = std::make_shared<SettledQuestions>(std::move(shared));
      return [asked](const ReadyPair& pair) { return asked->find(pair); };
    } catch (const SqliteError&) {
      return nullptr;
    }
  };
}

asio::awaitable<PairLookup::UnderResult> LedgerQuestions::compare_with_result(ReadyPair pair) {
  auto work = [connection = require_reading_connection(), pair = std::move(pair)] {
    return connection->lookup.compare_with_result(pair);
  };
  auto out = co_await offload(*reader_, std::move(work));
  co_return out;
}

asio::awaitable<std::shared_ptr<const Recognition>> LedgerQuestions::find_by_reading(ReadyPair pair) {
  auto work = [connection = require_reading_connection(), pair = std::move(pair)] {
    return share_if_known(pair, connection->lookup.find(pair));
  };
  auto out = co_await offload(*reader_, std::move(work));
  co_return out;
}

asio::awaitable<std::optional<JobRecord>> LedgerQuestions::read(std::int64_t job) {
  auto work = [connection = require_connection(), job] { return connection->reader.read(job); };
  auto out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<bool> LedgerQuestions::knows_answer(std::string api_id, std::int64_t but,
                                                    std::string beside) {
  auto work = [connection = require_connection(), id = std::move(api_id), but, beside = std::move(beside)] {
    return connection->reader.knows_answer(id, but, beside);
  };
  const bool out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<bool> LedgerQuestions::read_held() {
  auto work = [connection = require_connection()] { return connection->reader.is_held(); };
  const bool out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<LedgerNumbers> LedgerQuestions::read_numbers(SystemTime now) {
  auto work = [connection = require_connection(), now] {
    LedgerNumbers out;
    out.doubts = connection->reader.count_doubts();
    out.unpublished = connection->reader.count_owed_before(now - std::chrono::minutes(1));
    return out;
  };
  const LedgerNumbers out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<std::vector<FinishedJob>> LedgerQuestions::find_finished(SystemTime before,
                                                                         std::int64_t after,
                                                                         std::size_t most) {
  auto work = [connection = require_connection(), before, after, most] {
    return connection->reader.list_finished_before(before, after, most);
  };
  auto out = co_await offload(workers_, std::move(work));
  co_return out;
}

}  // namespace reeld
