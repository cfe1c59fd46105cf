#pragma once
// The course of one exchange: connect, upload, wait, gate, commit, answer. An inside header of net.
//
// The commit point is the first call that hands a byte of the closing boundary to the connection, whatever
// comes of that call. From there on nothing ends the exchange but the answer, its deadline, the peer, or
// `abort`.
//
// Lifetime: route, submission, image and gate outlive it. Threads: the loop's thread only.
// Source: RFC 9110, 9.2.2; RFC 9112, 9.5 and 9.6 (a reply may come, and the connection close, before the
// request ends).

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <span>
#include <string>

#include "async/sleeper.hpp"
#include "net/exchange.hpp"
#include "net/reply_receiver.hpp"
#include "net/route.hpp"

namespace reeld {

class ExchangeRun {
 public:
  ExchangeRun(Route& route, const Submission& submission, ImageSource& image, CommitGate& gate);
  ExchangeRun(const ExchangeRun&) = delete;
  ExchangeRun& operator=(const ExchangeRun&) = delete;

  boost::asio::awaitable<ExchangeEnd> run();
  /// Ends it soon; within the gate, once that has returned.
  void abort() { sleeper_.abort(); }
  /// Past the commit point, or an early success has begun to come: what is paid for is to be heard out.
  bool is_answer_due() const { return end_.committed || receiver_.hears_success(); }

 private:
  enum class Reuse { allowed, forbidden };

  boost::asio::awaitable<void> attempt(Reuse reuse);
  bool may_start_over() const;
  void start_over();
  void note_useless_address();
  bool is_over() const { return end_.reply.has_value() || end_.failure.has_value(); }

  boost::asio::awaitable<void> get_connection(Reuse reuse);
  boost::asio::awaitable<void> upload();
  boost::asio::awaitable<void> wait_for_word();
  boost::asio::awaitable<void> pass_gate();
  boost::asio::awaitable<void> commit();

  void prepare_gate_once();
  boost::asio::awaitable<void> send_chunk(std::span<const std::byte> chunk);
  boost::asio::awaitable<void> send(std::span<const std::byte> bytes);
  boost::asio::awaitable<void> wait_for_room(Io io, SteadyTime deadline);
  SteadyTime get_write_deadline() const;
  boost::asio::awaitable<void> look_for_reply();
  boost::asio::awaitable<void> handle_early_reply();
  boost::asio::awaitable<void> read_rest();
  boost::asio::awaitable<void> give_up(ExchangeFailure failure);
  boost::asio::awaitable<void> end_broken_write();
  boost::asio::awaitable<void> await_reply();
  boost::asio::awaitable<Wake> read_to_end(SteadyTime deadline);
  boost::asio::awaitable<Wake> hear_more(SteadyTime deadline);
  void take_answer();

  Stage stage() const { return end_.committed ? Stage::answer : Stage::upload; }
  void count_sent(std::size_t count);
  /// Something of the request is on its way, though TLS may not have taken a whole batch of it.
  bool has_begun() const { return connection_->wire_bytes_sent() > left_before_; }
  void note_body();
  void stop();
  void fail(Stage stage, std::string reason, bool is_timeout = false);
  void fail_by_peer();
  void take_back_commit();
  ExchangeFailure describe_timeout(Wake wake) const;
  std::string progress_text() const;
  std::string tell_unclean() const;

  Route& route_;
  const Submission& submission_;
  ImageSource& image_;
  CommitGate& gate_;
  Sleeper sleeper_;
  std::shared_ptr<Connection> connection_;
  ReplyReceiver receiver_;
  ReadStatus heard_ = ReadStatus::nothing;
  ExchangeEnd end_;
  std::uint64_t total_;
  std::uint64_t left_before_ = 0;  // of the connection's bytes, when this request began
  SteadyTime answer_deadline_;
  bool is_prepared_ = false;
  bool is_gate_asked_ = false;
  bool is_closed_by_peer_ = false;
};

}  // namespace reeld
