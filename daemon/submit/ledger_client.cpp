#include "submit/ledger_client.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>
#include <utility>

#include "async/offload.hpp"
#include "async/steady_now.hpp"
#include "log/log_events.hpp"

namespace reeld {
namespace {

namespace asio = boost::asio;

constexpr milliseconds first_pause = std::chrono::seconds(1);
constexpr milliseconds max_pause = std::chrono::minutes(1);
constexpr milliseconds max_delay{100};            // of what nobody waits for
constexpr milliseconds patience_of_answers{500};  // before a result goes into its folder all the same
// The largest reply that is read, and what the database puts around it.
constexpr std::uint64_t space_of_answer = (1U << 20U) + (128U << 10U);

/// Of most pairs nothing is known, and they are many.
std::shared_ptr<const Recognition> share_if_known(const ReadyPair& pair, Recognition recognition) {
  if (!recognition.known && recognition.originals.empty() && !pair.must_read) return nullptr;
  return std::make_shared<const Recognition>(std::move(recognition));
}

void run_all(const auto& postings, LedgerStore& store) {
  for (const auto& posting : postings) posting.run(store);
}

}  // namespace

/// A connection of its own, so that no question waits for a sync. Used on the workers only.
struct LedgerClient::ReadConnection {
  /// One more in `count`, for as long as it lives.
  struct Counted {
    explicit Counted(std::shared_ptr<std::atomic<int>> shared) : count(std::move(shared)) { ++*count; }
    ~Counted() { --*count; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::shared_ptr<std::atomic<int>> count;
  };

  ReadConnection(const std::string& path, int spool_fd, std::shared_ptr<std::atomic<int>> count)
      : counted(std::move(count)),
        database(path, Database::Access::read_only),
        reader(database),
        lookup(reader, spool_fd) {}
  Counted counted;  // first: it is counted until the database is closed
  Database database;
  LedgerReader reader;
  PairLookup lookup;
};

LedgerClient::LedgerClient(asio::any_io_executor loop, asio::thread_pool& workers, OpenLedger ledger,
                           int spool_fd, Log& log)
    : loop_(std::move(loop)),
      workers_(workers),
      log_(log),
      ledger_(std::move(ledger)),
      start_(ledger_.marker.generation),
      retry_timer_(loop_),
      flush_timer_(loop_),
      impatience_timer_(loop_),
      reserve_(ledger_.path + ".reserve"),
      spool_fd_(spool_fd),
      digest_seed_(ledger_.store->reader().digest_seed()),
      had_jobs_(ledger_.store->reader().has_jobs()),
      read_connection_(std::make_shared<ReadConnection>(ledger_.path, spool_fd, open_connections_)) {
  auto deliver = [this](std::vector<GroupCommit::Outcome> outcomes) {
    asio::post(loop_, [this, outcomes = std::move(outcomes)] { on_outcomes(outcomes); });
  };
  auto readers = [count = open_connections_] { return count->load(); };
  commits_ = std::make_unique<GroupCommit>(ledger_.path, std::move(ledger_.store), &reserve_,
                                           std::move(deliver), std::move(readers));
}

LedgerClient::~LedgerClient() {
  if (reader_) reader_->join();
}

void LedgerClient::stop() {
  is_stopped_ = true;
  retry_timer_.cancel();
  flush_timer_.cancel();
  flush();  // also where the last write failed: the disk may be well by now
  if (pending_.empty()) impatience_timer_.cancel();
}

void LedgerClient::submit(LedgerOperation operation, std::shared_ptr<LedgerWrite> write, Posted posted) {
  const std::uint64_t ticket = ++last_ticket_;
  pending_.emplace(ticket, Pending{std::move(write), posted, Guard(loop_), steady_now()});
  try {
    commits_->submit(ticket, std::move(operation));
  } catch (const std::bad_alloc&) {
    // Nobody will tell of its end. What is kept goes first the next time, as where it could not be written.
    pending_.erase(ticket);
    if (posted) unwritten_.insert(unwritten_.begin(), posted->begin(), posted->end());
    throw;
  }
}

LedgerClient::Posted LedgerClient::take_posted() {
  const auto out = std::make_shared<std::vector<Posting>>();
  out->swap(unwritten_);
  return out;
}

std::shared_ptr<LedgerWrite> LedgerClient::begin(LedgerOperation operation) {
  flush();  // what was posted before goes first: a mark must not come before what it marks
  auto write = std::make_shared<LedgerWrite>();
  submit(std::move(operation), write, nullptr);
  return write;
}

LedgerClient::Posting LedgerClient::make_move(std::int64_t job, NewPlace place) {
  auto run = [job, place = std::move(place)](LedgerStore& store) {
    store.move_job(job, place, std::chrono::system_clock::now());
  };
  Posting out{std::move(run), job};
  moving_.insert(job);
  return out;
}

void LedgerClient::post(Posting posting) {
  unwritten_.push_back(std::move(posting));
  if (is_stopped_) return flush();
  if (!is_well_ || std::exchange(is_flush_due_, true)) return;
  flush_timer_.expires_after(max_delay);
  flush_timer_.async_wait([this](const boost::system::error_code&) {
    is_flush_due_ = false;
    if (is_well_) flush();
  });
}

/// What was posted, as one operation.
void LedgerClient::flush() {
  if (unwritten_.empty()) return;
  const Posted posted = take_posted();
  submit({[posted](LedgerStore& store) { run_all(*posted, store); }, nullptr}, nullptr, posted);
}

std::shared_ptr<LedgerWrite> LedgerClient::begin_kept(Posting posting) {
  flush();
  auto write = std::make_shared<LedgerWrite>();
  const Posted posted = std::make_shared<const std::vector<Posting>>(1, std::move(posting));
  submit({[posted](LedgerStore& store) { run_all(*posted, store); }, nullptr}, write, posted);
  return write;
}

asio::awaitable<void> LedgerClient::wait(std::shared_ptr<LedgerWrite> write) {
  while (!write->is_done) {
    co_await wait_for(write);
  }
}

asio::awaitable<bool> LedgerClient::wait_a_while(std::shared_ptr<LedgerWrite> write) {
  if (write->is_done) co_return true;
  impatient_.push_back({write, steady_now() + patience_of_answers});
  arm_impatience();
  co_await wait_for(write);
  co_return write->is_done;
}

/// One timer for all, and none for writes that are quick: a job costs no system call for it.
void LedgerClient::arm_impatience() {
  while (!impatient_.empty() && impatient_.front().write.expired()) impatient_.pop_front();
  if (impatient_.empty() || std::exchange(is_impatience_armed_, true)) return;
  impatience_timer_.expires_at(impatient_.front().due);
  impatience_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    is_impatience_armed_ = false;
    if (!cancelled) on_impatient();
  });
}

void LedgerClient::on_impatient() {
  const SteadyTime now = steady_now();
  for (; !impatient_.empty() && impatient_.front().due <= now; impatient_.pop_front()) {
    const auto write = impatient_.front().write.lock();
    if (write && !write->is_done) wake_up(*write, loop_);
  }
  arm_impatience();
}

asio::awaitable<std::string> LedgerClient::wait_for_error(std::shared_ptr<LedgerWrite> write) {
  co_await wait(write);
  co_return write->error;
}

asio::awaitable<std::string> LedgerClient::write(std::function<void(LedgerStore&)> run) {
  return wait_for_error(begin_kept(std::move(run)));
}

asio::awaitable<std::string> LedgerClient::write_posted() {
  // What was posted goes before it. Something must be written, for its success to say anything.
  return wait_for_error(begin({[](LedgerStore& store) { store.raise_generation(); }, nullptr}));
}

asio::awaitable<std::string> LedgerClient::write_move(std::int64_t job, NewPlace place) {
  return wait_for_error(begin_kept(make_move(job, std::move(place))));
}

void LedgerClient::forget_moves(const std::vector<Posting>& written) {
  for (const Posting& posting : written) {
    if (const auto found = moving_.find(posting.moves); found != moving_.end()) moving_.erase(found);
  }
}

void LedgerClient::on_outcomes(const std::vector<GroupCommit::Outcome>& outcomes) {
  std::vector<Posting> failed;
  for (const GroupCommit::Outcome& outcome : outcomes) {
    auto node = pending_.extract(outcome.ticket);
    Pending& pending = node.mapped();
    if (pending.posted && outcome.error.empty()) forget_moves(*pending.posted);
    if (pending.posted && !outcome.error.empty())
      failed.insert(failed.end(), pending.posted->begin(), pending.posted->end());
    if (!pending.write) continue;
    pending.write->is_done = true;
    pending.write->error = outcome.error;
    wake_up(*pending.write, loop_);
  }
  // In their order, and before what was posted since: a mark must not come before what it marks.
  unwritten_.insert(unwritten_.begin(), std::make_move_iterator(failed.begin()),
                    std::make_move_iterator(failed.end()));
  if (outcomes.empty()) return;
  if (outcomes.back().is_log_lost) {
    read_connection_.reset();
    second_read_connection_.reset();
  }
  if (const std::string& error = outcomes.back().error; !error.empty()) {
    note_failure(error);
  } else {
    note_success();
  }
  if (!is_stopped_ || !pending_.empty()) return;
  impatience_timer_.cancel();
  if (on_change_) on_change_();  // who stops waits for the last of them
}

void LedgerClient::note_failure(const std::string& error) {
  if (std::exchange(is_well_, false)) {
    log_.error(event::ledger_failed, "the ledger cannot be written: nothing more is sent until it can",
               {{"reason", error}});
    pause_ = first_pause;
    if (on_change_) on_change_();
  } else if (!is_retry_due_) {
    pause_ = std::min(pause_ * 2, max_pause);
  }
  // Of what fails meanwhile each would put it off again.
  if (is_stopped_ || std::exchange(is_retry_due_, true)) return;
  retry_timer_.expires_after(pause_);
  retry_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    is_retry_due_ = false;
    if (!cancelled) try_again();
  });
}

/// What could not be written goes first: a good sync now says nothing about what failed before.
void LedgerClient::try_again() {
  const Posted posted = take_posted();
  auto run = [posted](LedgerStore& store) {
    store.raise_generation();  // something must be written, for the sync to be a test
    run_all(*posted, store);
  };
  submit({std::move(run), nullptr}, nullptr, posted);
}

/// The file may be another one than it was: it was put back.
void LedgerClient::reopen_reader() {
  try {
    second_read_connection_.reset();
    read_connection_ = std::make_shared<ReadConnection>(ledger_.path, spool_fd_, open_connections_);
  } catch (const SqliteError&) {
    // Who asks next hears of it.
  }
}

void LedgerClient::note_success() {
  if (std::exchange(is_well_, true)) return;
  reopen_reader();
  log_.info(event::ledger_recovered, "the ledger can be written again: sending goes on");
  flush();
  if (on_change_) on_change_();
}

std::shared_ptr<LedgerClient::ReadConnection> LedgerClient::require_questions() const {
  if (!read_connection_)
    throw SqliteError("read " + ledger_.path + ": its write-ahead log was removed; it is opened anew", 0);
  return read_connection_;
}

asio::awaitable<std::vector<LedgerClient::Found>> LedgerClient::find(std::vector<ReadyPair> pairs) {
  auto work = [questions = require_questions(), pairs = std::move(pairs)] {
    std::vector<Found> out(pairs.size());
    const ReadTransaction transaction(questions->database);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      auto recognition = questions->lookup.find_quickly(pairs[i]);
      out[i].is_unread = !recognition;
      if (recognition) out[i].recognition = share_if_known(pairs[i], std::move(*recognition));
    }
    return out;
  };
  auto out = co_await offload(workers_, std::move(work));
  co_return out;
}

/// Some questions in one transaction: the locks of one cost as much as a question.
struct LedgerClient::SettledQuestions {
  explicit SettledQuestions(std::shared_ptr<ReadConnection> shared)
      : questions(std::move(shared)), transaction(questions->database) {}

  std::shared_ptr<const Recognition> find(const ReadyPair& pair) {
    try {
      auto found = questions->lookup.find_settled(pair);
      return found ? std::make_shared<const Recognition>(std::move(*found)) : nullptr;
    } catch (const SqliteError&) {
      return nullptr;
    }
  }

  std::shared_ptr<ReadConnection> questions;
  ReadTransaction transaction;  // last: it ends before the connection does
};

OpenSettled LedgerClient::settled_opener() const {
  if (!had_jobs_) return nullptr;
  // It must not keep the connection: that may have to go.
  const std::weak_ptr<ReadConnection> weak = read_connection_;
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

/// Of the thread that reads, which is made when it is first needed.
std::shared_ptr<LedgerClient::ReadConnection> LedgerClient::require_reading_questions() {
  if (!reader_) reader_ = std::make_unique<asio::thread_pool>(1);
  if (!second_read_connection_ && require_questions())
    second_read_connection_ = std::make_shared<ReadConnection>(ledger_.path, spool_fd_, open_connections_);
  return second_read_connection_;
}

asio::awaitable<PairLookup::UnderResult> LedgerClient::compare_with_result(ReadyPair pair) {
  auto work = [questions = require_reading_questions(), pair = std::move(pair)] {
    return questions->lookup.compare_with_result(pair);
  };
  auto out = co_await offload(*reader_, std::move(work));
  co_return out;
}

asio::awaitable<std::shared_ptr<const Recognition>> LedgerClient::find_by_reading(ReadyPair pair) {
  auto work = [questions = require_reading_questions(), pair = std::move(pair)] {
    return share_if_known(pair, questions->lookup.find(pair));
  };
  auto out = co_await offload(*reader_, std::move(work));
  co_return out;
}

asio::awaitable<std::optional<JobRecord>> LedgerClient::read(std::int64_t job) {
  auto work = [questions = require_questions(), job] { return questions->reader.read(job); };
  auto out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<bool> LedgerClient::knows_answer(std::string api_id, std::int64_t but, std::string beside) {
  auto work = [questions = require_questions(), id = std::move(api_id), but, beside = std::move(beside)] {
    return questions->reader.knows_answer(id, but, beside);
  };
  const bool out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<bool> LedgerClient::read_held() {
  auto work = [questions = require_questions()] { return questions->reader.is_held(); };
  const bool out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<LedgerNumbers> LedgerClient::read_numbers(SystemTime now) {
  auto work = [questions = require_questions(), now] {
    LedgerNumbers out;
    out.doubts = questions->reader.count_doubts();
    out.unpublished = questions->reader.count_owed_before(now - std::chrono::minutes(1));
    return out;
  };
  const LedgerNumbers out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<std::vector<FinishedJob>> LedgerClient::find_finished(SystemTime before, std::int64_t after,
                                                                      std::size_t most) {
  auto work = [questions = require_questions(), before, after, most] {
    return questions->reader.list_finished_before(before, after, most);
  };
  auto out = co_await offload(workers_, std::move(work));
  co_return out;
}

asio::awaitable<std::string> LedgerClient::reserve_answers(std::size_t in_flight) {
  const std::uint64_t bytes = space_of_answer * (in_flight + 1);
  if (reserve_.holds(bytes)) co_return "";
  auto work = [this, bytes] {
    const auto error = reserve_.ensure(bytes);
    return error ? error->message : std::string();
  };
  std::string out = co_await offload(workers_, std::move(work));
  co_return out;
}

std::optional<SteadyTime> LedgerClient::oldest_write() const {
  if (pending_.empty()) return std::nullopt;
  return pending_.begin()->second.begun;  // tickets grow
}

std::string LedgerClient::make_token() {
  return std::to_string(start_) + "-" + std::to_string(++last_token_);
}

}  // namespace reeld
