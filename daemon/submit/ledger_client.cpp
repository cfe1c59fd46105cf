#include "submit/ledger_client.hpp"

#include <boost/asio/post.hpp>
#include <new>
#include <utility>

#include "async/steady_now.hpp"

namespace reeld {
namespace {

namespace asio = boost::asio;

constexpr milliseconds max_delay{100};  // of what nobody waits for

}  // namespace

LedgerClient::LedgerClient(asio::any_io_executor loop, asio::thread_pool& workers, OpenLedger ledger,
                           int spool_fd, Log& log)
    : loop_(std::move(loop)),
      ledger_(std::move(ledger)),
      tokens_(ledger_.marker.generation),
      questions_(ledger_.path, *ledger_.store, spool_fd, workers),
      space_(ledger_.path, workers),
      flush_timer_(loop_,
                   [this] {
                     if (is_healthy()) flush();
                   }),
      health_(loop_, log, [this] { try_again(); }),
      waits_(loop_) {
  auto deliver = [this](std::vector<GroupCommit::Outcome> outcomes) {
    asio::post(loop_, [this, outcomes = std::move(outcomes)] { on_outcomes(outcomes); });
  };
  commits_ = std::make_unique<GroupCommit>(ledger_.path, std::move(ledger_.store), &space_.reserve_file(),
                                           std::move(deliver), questions_.connection_counter());
}

void LedgerClient::stop() {
  is_stopped_ = true;
  health_.stop();
  flush_timer_.cancel();
  flush();  // also where the last write failed: the disk may be well by now
  if (pending_.empty()) waits_.stop();
}

void LedgerClient::submit(LedgerOperation operation, std::shared_ptr<LedgerWrite> write,
                          PostedWrites::Batch posted) {
  const std::uint64_t ticket = ++last_ticket_;
  pending_.emplace(ticket, Pending{std::move(write), posted, Guard(loop_), steady_now()});
  try {
    commits_->submit(ticket, std::move(operation));
  } catch (const std::bad_alloc&) {
    // Nobody will tell of its end. What is kept goes first the next time, as where it could not be written.
    pending_.erase(ticket);
    if (posted) posted_.put_back(*posted);
    throw;
  }
}

std::shared_ptr<LedgerWrite> LedgerClient::begin(LedgerOperation operation) {
  flush();  // what was posted before goes first: a mark must not come before what it marks
  auto write = std::make_shared<LedgerWrite>();
  submit(std::move(operation), write, nullptr);
  return write;
}

void LedgerClient::post(PostedWrites::Posting posting) {
  posted_.add(std::move(posting));
  if (is_stopped_) return flush();
  if (is_healthy()) flush_timer_.set(steady_now() + max_delay);
}

/// What was posted, as one operation.
void LedgerClient::flush() {
  if (posted_.is_empty()) return;
  const PostedWrites::Batch posted = posted_.take();
  submit({[posted](LedgerStore& store) { PostedWrites::run_all(*posted, store); }, nullptr}, nullptr, posted);
}

std::shared_ptr<LedgerWrite> LedgerClient::begin_kept(PostedWrites::Posting posting) {
  flush();
  auto write = std::make_shared<LedgerWrite>();
  const auto posted = std::make_shared<const std::vector<PostedWrites::Posting>>(1, std::move(posting));
  submit({[posted](LedgerStore& store) { PostedWrites::run_all(*posted, store); }, nullptr}, write, posted);
  return write;
}

asio::awaitable<void> LedgerClient::wait(std::shared_ptr<LedgerWrite> write) {
  while (!write->is_done) {
    co_await wait_for(write);
  }
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
  return wait_for_error(begin_kept(posted_.make_move(job, std::move(place))));
}

void LedgerClient::on_outcomes(const std::vector<GroupCommit::Outcome>& outcomes) {
  if (outcomes.empty()) return;
  end_writes(outcomes);
  note_health(outcomes.back());
  if (!is_stopped_ || !pending_.empty()) return;
  waits_.stop();
  if (on_change_) on_change_();  // who stops waits for the last of them
}

void LedgerClient::end_writes(const std::vector<GroupCommit::Outcome>& outcomes) {
  std::vector<PostedWrites::Posting> failed;
  for (const GroupCommit::Outcome& outcome : outcomes) {
    auto node = pending_.extract(outcome.ticket);
    Pending& pending = node.mapped();
    if (pending.posted && outcome.error.empty()) posted_.note_written(*pending.posted);
    if (pending.posted && !outcome.error.empty())
      failed.insert(failed.end(), pending.posted->begin(), pending.posted->end());
    if (!pending.write) continue;
    pending.write->is_done = true;
    pending.write->error = outcome.error;
    wake_up(*pending.write, loop_);
  }
  posted_.put_back(failed);
}

void LedgerClient::note_health(const GroupCommit::Outcome& last) {
  if (last.is_log_lost) questions_.close();
  if (!last.error.empty()) {
    const bool is_news = health_.note_failure(last.error);
    if (is_news && on_change_) on_change_();
    return;
  }
  if (is_healthy()) return;
  questions_.reopen();
  health_.note_success();
  flush();
  if (on_change_) on_change_();
}

/// What could not be written goes first: a good sync now says nothing about what failed before.
void LedgerClient::try_again() {
  const PostedWrites::Batch posted = posted_.take();
  auto run = [posted](LedgerStore& store) {
    store.raise_generation();  // something must be written, for the sync to be a test
    PostedWrites::run_all(*posted, store);
  };
  submit({std::move(run), nullptr}, nullptr, posted);
}

void LedgerClient::note_generation(std::int64_t generation) {
  if (generation <= ledger_.marker.generation) return;
  ledger_.marker.generation = generation;
  if (on_growth_) on_growth_();
}

std::optional<SteadyTime> LedgerClient::oldest_write() const {
  if (pending_.empty()) return std::nullopt;
  return pending_.begin()->second.begun;  // tickets grow
}

}  // namespace reeld
