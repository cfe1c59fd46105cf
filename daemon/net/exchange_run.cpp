#include "net/exchange_run.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "core/verify.hpp"
#include "http/reply_head.hpp"
#include "net/body_stream.hpp"
#include "net/reasons.hpp"

namespace reeld {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// A reply may still be on its way when a write fails; one that came early may need a moment for its rest.
constexpr milliseconds patience_after_break{500};
constexpr milliseconds patience_for_rest{2000};

milliseconds get_elapsed(SteadyTime since) {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - since);
}

bool is_final(ReadStatus status) {
  return status != ReadStatus::nothing && status != ReadStatus::partial;
}

/// A front that has lost patience with what is behind it: the answer to this very request may still come, and
/// would be taken for the next one's.
bool may_answer_again(int status) {
  return status == 408 || status >= 500;
}

bool is_blocked(Io io) {
  return io.state == Io::State::want_read || io.state == Io::State::want_write;
}

}  // namespace

ExchangeRun::ExchangeRun(Route& route, const Submission& submission, ImageSource& image, CommitGate& gate)
    : route_(route),
      submission_(submission),
      image_(image),
      gate_(gate),
      sleeper_(route.executor()),
      total_(submission.head.size() + submission.before_image.size() + submission.image_size +
             submission.after_image.size() + submission.closing.size()) {}

asio::awaitable<ExchangeEnd> ExchangeRun::run() {
  co_await attempt(Reuse::allowed);
  if (may_start_over()) {
    start_over();
    co_await attempt(Reuse::forbidden);
  }
  note_useless_address();
  co_return std::move(end_);
}

asio::awaitable<void> ExchangeRun::attempt(Reuse reuse) {
  co_await get_connection(reuse);
  if (connection_) left_before_ = connection_->wire_bytes_sent();
  if (!is_over()) co_await upload();
  if (!is_over()) co_await wait_for_word();
  if (!is_over()) co_await pass_gate();
  if (!is_over()) co_await commit();
}

// That a kept connection had been closed meanwhile says nothing about the server. Nothing was committed and
// no reply has begun, so the same bytes may go out again.
bool ExchangeRun::may_start_over() const {
  return end_.reused_connection && is_closed_by_peer_ && !end_.committed && !is_gate_asked_ &&
         receiver_.is_untouched() && !sleeper_.is_aborted();
}

// It connects, and is deaf to what follows, or breaks with whoever has just come.
void ExchangeRun::note_useless_address() {
  if (!connection_ || !end_.failure) return;
  const bool is_broken =
      is_closed_by_peer_ && !end_.committed && !end_.reused_connection && receiver_.is_untouched();
  if (end_.failure->timed_out || is_broken) route_.distrust(*connection_);
}

void ExchangeRun::start_over() {
  image_.rewind();
  connection_.reset();
  receiver_ = ReplyReceiver();
  heard_ = ReadStatus::nothing;
  end_ = ExchangeEnd();
  is_closed_by_peer_ = false;
}

asio::awaitable<void> ExchangeRun::get_connection(Reuse reuse) {
  const SteadyTime begun = Clock::now();
  if (reuse == Reuse::allowed) connection_ = route_.pool().take();
  if (connection_) {
    end_.reused_connection = true;
    end_.peer = connection_->peer();
    co_return;
  }
  Arrival arrival = co_await route_.connect(sleeper_);
  end_.times.connect = get_elapsed(begun);
  end_.peer = std::move(arrival.peer);
  end_.proxy_reply = arrival.proxy_refusal.has_value();
  end_.reply = std::move(arrival.proxy_refusal);
  end_.failure = std::move(arrival.failure);
  connection_ = std::move(arrival.connection);
}

asio::awaitable<void> ExchangeRun::upload() {
  const SteadyTime begun = Clock::now();
  BodyStream body(submission_, image_);
  while (!body.is_done() && !is_over()) {
    const bool is_filled = co_await body.fill();
    // Not before: a kill in the middle of an upload is to leave nothing in doubt.
    if (is_filled && body.image_left() == 0) prepare_gate_once();
    if (sleeper_.is_aborted()) {
      co_await give_up(make_stopping_failure(Stage::upload));
    } else if (!is_filled) {
      co_await give_up(make_failure(Stage::upload, image_.failure()));
    } else {
      co_await send_chunk(body.chunk());
    }
    // The others must have their turn, however fast the network takes a large image.
    if (!body.is_done()) co_await asio::post(asio::use_awaitable);
  }
  end_.times.upload = get_elapsed(begun);
}

void ExchangeRun::prepare_gate_once() {
  if (is_prepared_) return;
  is_prepared_ = true;
  gate_.prepare();
}

// What came before our first byte belongs to nobody: an idle server's 408, or an end. That is asked here,
// with nothing between the question and the write, because the image's first bytes may have taken their time.
asio::awaitable<void> ExchangeRun::send_chunk(std::span<const std::byte> chunk) {
  if (end_.bytes_sent == 0 && !connection_->is_clean()) {
    is_closed_by_peer_ = true;
    fail(Stage::upload, tell_unclean());
    co_return;
  }
  // What the head alone decides, a front that is far can say before it has the rest.
  if (end_.bytes_sent == 0 && is_far(connection_->get_round_trip()))
    connection_->set_apart(submission_.head.size());
  co_await send(chunk);
  if (!is_over()) co_await look_for_reply();
}

// Returns when all has been handed over, or the exchange is over.
asio::awaitable<void> ExchangeRun::send(std::span<const std::byte> bytes) {
  SteadyTime deadline = get_write_deadline();
  while (!bytes.empty() && !is_over()) {
    const Io io = connection_->write(bytes);
    if (io.state == Io::State::done) {
      bytes = bytes.subspan(io.count);
      count_sent(io.count);
      deadline = get_write_deadline();
    } else if (is_blocked(io)) {
      if (io.count > 0) deadline = get_write_deadline();
      co_await wait_for_room(io, deadline);
    } else {
      co_await end_broken_write();
    }
  }
}

SteadyTime ExchangeRun::get_write_deadline() const {
  return end_.committed ? answer_deadline_ : Clock::now() + route_.options().upload_timeout;
}

asio::awaitable<void> ExchangeRun::wait_for_room(Io io, SteadyTime deadline) {
  co_await look_for_reply();
  if (is_over()) co_return;
  const Interest interest = io.state == Io::State::want_write ? Interest::both : Interest::read;
  const Wake wake = co_await connection_->wait(interest, deadline, sleeper_);
  if (wake != Wake::ready) co_await give_up(describe_timeout(wake));
}

asio::awaitable<void> ExchangeRun::look_for_reply() {
  heard_ = receiver_.listen(*connection_);
  if (end_.committed && is_final(heard_)) take_answer();
  if (!end_.committed && heard_ != ReadStatus::nothing) co_await handle_early_reply();
}

// Before the commit point: a reply, the beginning of one, or the end of the connection.
asio::awaitable<void> ExchangeRun::handle_early_reply() {
  co_await read_rest();
  // An interim reply that came in pieces: the upload goes on.
  if (heard_ == ReadStatus::nothing) co_return;
  if (heard_ == ReadStatus::complete) {
    end_.reply = receiver_.take_reply();
  } else if (is_final(heard_)) {
    fail_by_peer();
  } else if (sleeper_.is_aborted()) {
    stop();
  } else {
    fail(Stage::upload, "the server began a reply" + progress_text() + ", but did not end it");
  }
}

// The rest of an early reply, in `heard_`. A refusal has a moment for it; a success is a job that may have
// been paid for, and has as long as any answer.
asio::awaitable<void> ExchangeRun::read_rest() {
  const SteadyTime begun = Clock::now();
  // What is no reply at all tells nothing, and there is nothing to keep it for.
  if (heard_ == ReadStatus::partial && receiver_.is_no_reply()) heard_ = receiver_.settle();
  while (heard_ == ReadStatus::partial) {
    // What may be paid for goes into the ledger, however little of the body has left.
    if (receiver_.hears_success()) prepare_gate_once();
    const milliseconds patience =
        receiver_.hears_success() ? route_.options().response_timeout : patience_for_rest;
    const Wake wake = co_await hear_more(begun + patience);
    if (wake != Wake::ready) break;
  }
}

// Every end that is not the peer's doing. What the peer has said by then is heard first: an early success is
// never thrown away, whatever it is that ends the upload.
asio::awaitable<void> ExchangeRun::give_up(ExchangeFailure failure) {
  note_body();
  if (has_begun()) heard_ = receiver_.listen(*connection_);
  if (heard_ == ReadStatus::partial && !end_.committed) co_await read_rest();
  if (heard_ == ReadStatus::complete) {
    end_.reply = receiver_.take_reply();
  } else {
    end_.failure = std::move(failure);
    end_.cut_reply = receiver_.take_cut_reply();
  }
}

// A refusal that is followed by a reset (413, 401) may be there to be read although nothing can be written
// any more. Where nothing could be written at all, what is there to be read is none.
asio::awaitable<void> ExchangeRun::end_broken_write() {
  const std::string reason =
      "the connection to " + end_.peer + " broke" + progress_text() + ": " + connection_->error();
  note_body();
  if (has_begun()) {
    heard_ = receiver_.listen(*connection_);
    if (!is_final(heard_)) co_await read_to_end(Clock::now() + patience_after_break);
  }
  is_closed_by_peer_ = true;
  if (heard_ == ReadStatus::complete) {
    end_.reply = receiver_.take_reply();
  } else {
    fail(stage(), reason);
    take_back_commit();
  }
}

// The intent is being recorded meanwhile. On a connection that was kept and let go just now, the upload
// starts over: nobody has been asked for the gate yet.
asio::awaitable<void> ExchangeRun::wait_for_word() {
  const SteadyTime begun = Clock::now();
  const microseconds round_trip = connection_->get_round_trip();
  const bool may_still_be_refused = connection_->was_asked_for_certificate() && !end_.reused_connection;
  if (!is_far(round_trip) && !may_still_be_refused) co_return;
  const milliseconds patience = route_.options().upload_timeout;
  BoundaryWait wait(
      {round_trip, connection_->wire_bytes_sent() - left_before_, connection_->segment(), patience}, begun);
  SteadyTime again = wait.earliest();
  while (!is_over()) {
    const Wake wake = co_await connection_->wait(Interest::read, again, sleeper_);
    if (wake == Wake::aborted) co_await give_up(make_stopping_failure(Stage::upload));
    if (wake == Wake::ready) {
      co_await look_for_reply();
      // Whoever joins small packets holds the reply back until the session tickets before it are
      // acknowledged.
      if (!is_over()) connection_->acknowledge_now();
    }
    if (wake != Wake::deadline) continue;
    const SteadyTime now = Clock::now();
    const BoundaryWait::Step step = wait.look(now, connection_->ask_unacknowledged());
    if (step == BoundaryWait::Step::go) break;
    if (step == BoundaryWait::Step::give_up) co_await give_up(describe_timeout(Wake::deadline));
    again = wait.next_look(now);
  }
  end_.times.ack = get_elapsed(begun);
}

asio::awaitable<void> ExchangeRun::pass_gate() {
  const SteadyTime begun = Clock::now();
  is_gate_asked_ = true;
  prepare_gate_once();
  const std::optional<std::string> refusal = co_await gate_.pass();
  end_.times.commit = get_elapsed(begun);
  if (sleeper_.is_aborted()) {
    co_await give_up(make_stopping_failure(Stage::gate));
  } else if (refusal) {
    co_await give_up(make_failure(Stage::gate, *refusal));
  } else {
    // Is the connection alive? Whatever can be read now came before the commit point.
    co_await look_for_reply();
  }
}

asio::awaitable<void> ExchangeRun::commit() {
  const SteadyTime begun = Clock::now();
  verify(is_gate_asked_ && !is_over() && !end_.committed,
         "the boundary leaves once, after the gate has opened");
  answer_deadline_ = begun + route_.options().response_timeout;
  end_.committed = true;
  co_await send(std::as_bytes(std::span(submission_.closing)));
  if (!is_over()) co_await await_reply();
  end_.times.answer = get_elapsed(begun);
}

asio::awaitable<void> ExchangeRun::await_reply() {
  const Wake wake = co_await read_to_end(answer_deadline_);
  if (wake == Wake::ready) take_answer();
  if (wake == Wake::aborted) stop();
  if (wake == Wake::deadline)
    fail(Stage::answer,
         "no whole answer from " + end_.peer + " within " + tell_duration(route_.options().response_timeout),
         true);
}

// Until the peer has said all that it will say, in `heard_`. What is there to be read counts, even when time
// is up.
asio::awaitable<Wake> ExchangeRun::read_to_end(SteadyTime deadline) {
  for (;;) {
    const Wake wake = co_await hear_more(deadline);
    if (is_final(heard_)) co_return Wake::ready;
    if (wake != Wake::ready) co_return wake;
  }
}

// Until more may have come, in `heard_`. Of a reply that nothing ends, silence is the end.
asio::awaitable<Wake> ExchangeRun::hear_more(SteadyTime deadline) {
  const bool is_open_ended = receiver_.is_open_ended();
  const SteadyTime silence = Clock::now() + route_.options().answer_silence;
  const SteadyTime until = is_open_ended ? std::min(deadline, silence) : deadline;
  const Wake wake = co_await connection_->wait(Interest::read, until, sleeper_);
  heard_ = receiver_.listen(*connection_);
  if (wake == Wake::ready) co_return wake;
  if (heard_ == ReadStatus::partial) heard_ = receiver_.settle();
  co_return until < deadline&& wake == Wake::deadline ? Wake::ready : wake;
}

void ExchangeRun::take_answer() {
  if (heard_ != ReadStatus::complete) {
    fail_by_peer();
    return;
  }
  const bool is_reusable = receiver_.keeps_alive() && end_.bytes_sent == total_;
  end_.reply = receiver_.take_reply();
  if (is_reusable && !may_answer_again(end_.reply->status)) end_.spare = std::move(connection_);
}

void ExchangeRun::count_sent(std::size_t count) {
  end_.bytes_sent += count;
  const std::uint64_t head = submission_.head.size();
  end_.body_bytes_sent = end_.bytes_sent > head ? end_.bytes_sent - head : 0;
}

// What TLS adds to the head is less than a kilobyte.
void ExchangeRun::note_body() {
  constexpr std::uint64_t max_added = 1024;
  const std::uint64_t left = connection_->wire_bytes_sent() - left_before_;
  end_.body_may_have_begun = end_.body_bytes_sent > 0 || left > submission_.head.size() + max_added;
}

void ExchangeRun::stop() {
  end_.failure = make_stopping_failure(stage());
  end_.cut_reply = receiver_.take_cut_reply();
}

void ExchangeRun::fail(Stage stage, std::string reason, bool is_timeout) {
  end_.failure = ExchangeFailure{stage, std::move(reason), is_timeout};
  end_.cut_reply = receiver_.take_cut_reply();
}

void ExchangeRun::fail_by_peer() {
  is_closed_by_peer_ = heard_ == ReadStatus::closed || heard_ == ReadStatus::broken;
  std::string reason = receiver_.explain(heard_, *connection_);
  if (!end_.committed) {
    reason += progress_text();
  } else if (is_closed_by_peer_ && receiver_.is_untouched()) {
    reason += " without an answer";
  }
  fail(stage(), std::move(reason));
  take_back_commit();
}

// The alert that refuses our certificate may come however late, from a server that was busy: the handshake is
// not over for it, and of the request it has read nothing.
void ExchangeRun::take_back_commit() {
  if (end_.reused_connection || !receiver_.is_untouched() || !connection_->is_certificate_refused()) return;
  end_.committed = false;
  end_.failure->stage = Stage::tls;
}

ExchangeFailure ExchangeRun::describe_timeout(Wake wake) const {
  if (wake == Wake::aborted) return make_stopping_failure(stage());
  const ClientOptions& options = route_.options();
  const milliseconds patience = end_.committed ? options.response_timeout : options.upload_timeout;
  return make_timeout(stage(), "the server took nothing for " + tell_duration(patience) + progress_text());
}

std::string ExchangeRun::tell_unclean() const {
  if (begins_http2(connection_->unasked())) return end_.peer + ": " + std::string(http2_advice);
  const std::string& trouble = connection_->trouble();
  return end_.peer + " closed the connection, or sent something, before reeld had sent anything" +
         (trouble.empty() ? "" : ": " + trouble);
}

std::string ExchangeRun::progress_text() const {
  return " after " + std::to_string(end_.bytes_sent) + " of " + std::to_string(total_) + " bytes";
}

}  // namespace reeld
