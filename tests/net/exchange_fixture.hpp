#pragma once
// What the tests of exchanges share: a submission, an image, a gate, a server that plays a script, and a
// loop.

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.hpp"
#include "net/scripted_server.hpp"

namespace reeld::test {

inline constexpr std::uint64_t large = 8 << 20;  // more than any socket buffer takes

inline constexpr std::string_view ok_reply =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"id\":\"v_1\"}";

/// An image of one repeated letter.
class TestImage : public ImageSource {
 public:
  boost::asio::awaitable<std::size_t> read(std::span<std::byte> into) override;
  const std::string& failure() const override { return failure_; }
  void rewind() override;

  std::uint64_t size = 1000;          // what there is to read
  std::function<void()> before_read;  // called at each read
  std::uint64_t position = 0;
  int rewinds = 0;

 private:
  std::string failure_;
};

/// A gate that opens at once, or refuses, or waits until the test opens it.
class TestGate : public CommitGate {
 public:
  explicit TestGate(boost::asio::io_context& loop) : timer_(loop) {}
  void prepare() override;
  boost::asio::awaitable<std::optional<std::string>> pass() override;
  /// From any thread.
  void open();

  std::function<void()> on_prepare;
  std::function<void()> on_pass;
  std::optional<std::string> refusal;
  bool holds = false;
  int prepared = 0;
  int passed = 0;

 private:
  boost::asio::steady_timer timer_;
};

/// A submission with an image of that size; its head says the whole body's length.
Submission make_submission(std::uint64_t image_size);
/// All bytes that a server receives before the closing boundary.
std::uint64_t count_before_closing(const Submission& submission);
std::uint64_t count_all(const Submission& submission);

/// Over plain TCP (false) or TLS (true).
class ExchangeTest : public ::testing::TestWithParam<bool> {
 protected:
  ExchangeTest() : gate(loop) {}
  ~ExchangeTest() override;

  bool is_tls() const { return GetParam(); }
  void start(std::vector<Script> scripts);
  /// Options for the server that was started.
  ClientOptions make_options() const;
  HttpClient& client();
  /// Begins an exchange; `finish` runs the loop until it has ended.
  void begin();
  ExchangeEnd finish();
  ExchangeEnd submit();
  /// Runs the loop until that holds.
  void run_until(const std::function<bool()>& holds);
  /// Runs the loop until the script counts `server_says` down.
  void run_until_told();

  boost::asio::io_context loop{1};
  Submission submission = make_submission(1000);
  TestImage image;
  TestGate gate;
  ClientOptions options;
  std::latch server_says{1};  // for whatever a script and its test have to tell each other
  std::latch test_says{1};
  std::latch gate_is_reached{1};
  std::unique_ptr<ScriptedServer> server;
  std::unique_ptr<HttpClient> the_client;
  std::optional<ExchangeEnd> end;
  bool trusts = true;  // the answers: their connections may serve again
};

/// Reads one whole request and answers it with `ok_reply`.
void serve_one(Peer& peer, const Submission& submission);

/// A CA and a server for "localhost" and 127.0.0.1 that last as long as the process.
const TestCa& get_ca();
SSL_CTX* get_server_context();
/// The CA's certificate in a temporary file, removed at the end of the process.
const std::string& get_ca_file();

inline std::string name_transport(const ::testing::TestParamInfo<bool>& info) {
  return info.param ? "Tls" : "Plain";
}

}  // namespace reeld::test
