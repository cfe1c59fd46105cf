#include "net/exchange_fixture.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace reeld::test {

namespace asio = boost::asio;

asio::awaitable<std::size_t> TestImage::read(std::span<std::byte> into) {
  if (before_read) before_read();
  const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size - position));
  std::memset(into.data(), 'i', count);
  position += count;
  if (count < into.size()) failure_ = "read a.png: the file has shrunk";
  co_return count;
}

void TestImage::rewind() {
  position = 0;
  ++rewinds;
}

void TestGate::prepare() {
  ++prepared;
  if (on_prepare) on_prepare();
}

asio::awaitable<std::optional<std::string>> TestGate::pass() {
  ++passed;
  if (on_pass) on_pass();
  while (holds) {
    timer_.expires_at(asio::steady_timer::time_point::max());
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return refusal;
}

void TestGate::open() {
  asio::post(timer_.get_executor(), [this] {
    holds = false;
    timer_.cancel();
  });
}

Submission make_submission(std::uint64_t image_size) {
  Submission submission;
  submission.before_image =
      "--edge\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na cat\r\n--edge\r\n\r\n";
  submission.image_size = image_size;
  submission.after_image = "\r\n--edge\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n16x9";
  submission.closing = "\r\n--edge--\r\n";
  const auto length =
      submission.before_image.size() + image_size + submission.after_image.size() + submission.closing.size();
  submission.head =
      "POST /v1/videos HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
  return submission;
}

std::uint64_t count_before_closing(const Submission& submission) {
  return count_all(submission) - submission.closing.size();
}

std::uint64_t count_all(const Submission& submission) {
  return submission.head.size() + submission.before_image.size() + submission.image_size +
         submission.after_image.size() + submission.closing.size();
}

ExchangeTest::~ExchangeTest() {
  if (!test_says.try_wait()) test_says.count_down();  // a script may still wait for it
  // What a daemon does when it stops: nothing may then hold the loop, or be left in it.
  if (the_client) the_client->close_idle();
  the_client.reset();
  loop.restart();
  loop.run_for(std::chrono::seconds(10));
  EXPECT_TRUE(loop.stopped()) << "something is left in the loop";
}

void ExchangeTest::start(std::vector<Script> scripts) {
  server = std::make_unique<ScriptedServer>(std::move(scripts), is_tls() ? get_server_context() : nullptr);
  options = make_options();
}

ClientOptions ExchangeTest::make_options() const {
  ClientOptions made;
  made.tls = is_tls();
  made.host = "127.0.0.1";
  made.port = server->port();
  if (is_tls()) made.ca_file = get_ca_file();
  return made;
}

HttpClient& ExchangeTest::client() {
  if (!the_client) the_client = std::make_unique<HttpClient>(loop.get_executor(), options);
  return *the_client;
}

void ExchangeTest::begin() {
  image.size = std::max(image.size, submission.image_size);
  end.reset();
  asio::co_spawn(loop, client().submit(submission, image, gate),
                 [this](const std::exception_ptr& thrown, ExchangeEnd how) {
                   EXPECT_FALSE(thrown);
                   if (trusts) client().keep_connection(how);
                   how.spare.reset();
                   end = std::move(how);
                 });
}

ExchangeEnd ExchangeTest::finish() {
  run_until([this] { return end.has_value(); });
  return end.value_or(ExchangeEnd());
}

ExchangeEnd ExchangeTest::submit() {
  image.position = 0;
  begin();
  return finish();
}

void ExchangeTest::run_until(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto keep_alive = asio::make_work_guard(loop);
  loop.restart();
  while (!holds() && std::chrono::steady_clock::now() < deadline) loop.run_one_until(deadline);
  EXPECT_TRUE(holds()) << "the loop was run for 30 seconds";
}

void ExchangeTest::run_until_told() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto keep_alive = asio::make_work_guard(loop);
  loop.restart();
  while (!server_says.try_wait() && std::chrono::steady_clock::now() < deadline)
    loop.run_one_for(milliseconds(5));
  EXPECT_TRUE(server_says.try_wait()) << "the loop was run for 30 seconds";
}

void serve_one(Peer& peer, const Submission& submission) {
  EXPECT_EQ(peer.read(count_all(submission)).size(), count_all(submission));
  peer.send(ok_reply);
}

const TestCa& get_ca() {
  static const TestCa ca;
  return ca;
}

SSL_CTX* get_server_context() {
  static const ServerContextPtr context = get_ca().make_server("DNS:localhost,IP:127.0.0.1");
  return context.get();
}

namespace {

class CaFile {
 public:
  CaFile() {
    std::string folder = (std::filesystem::temp_directory_path() / "reeld-net-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp " + folder);
    folder_ = folder;
    path = folder + "/ca.pem";
    std::ofstream(path) << get_ca().certificate_pem();
  }
  ~CaFile() { std::filesystem::remove_all(folder_); }
  CaFile(const CaFile&) = delete;
  CaFile& operator=(const CaFile&) = delete;
  std::string path;

 private:
  std::string folder_;
};

}  // namespace

const std::string& get_ca_file() {
  static const CaFile file;
  return file.path;
}

}  // namespace reeld::test
