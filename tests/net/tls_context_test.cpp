// What TLS is held to: version, name, trust; and that sessions are resumed.

#include <gmock/gmock.h>

#include "net/exchange_fixture.hpp"

namespace reeld::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class TlsTest : public ExchangeTest {
 protected:
  ExchangeEnd submit_to(SSL_CTX* context, const std::string& host, const std::string& ca_file) {
    server = std::make_unique<ScriptedServer>(
        std::vector<Script>{[this](Peer& peer) { serve_one(peer, submission); }}, context);
    options.host = host;
    options.port = server->port();
    options.ca_file = ca_file;
    ExchangeEnd got = submit();
    server->join();
    return got;
  }
};
INSTANTIATE_TEST_SUITE_P(Net, TlsTest, ::testing::Values(true), name_transport);

void expect_tls_failure(const ExchangeEnd& got) {
  EXPECT_FALSE(got.reply);
  EXPECT_FALSE(got.committed);
  EXPECT_EQ(got.bytes_sent, 0U);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::tls);
}

TEST_P(TlsTest, TakesACertificateForTheName) {
  EXPECT_TRUE(submit_to(get_server_context(), "localhost", get_ca_file()).reply);
}

TEST_P(TlsTest, TakesACertificateForTheAddress) {
  EXPECT_TRUE(submit_to(get_server_context(), "127.0.0.1", get_ca_file()).reply);
}

TEST_P(TlsTest, RefusesACertificateForAnotherName) {
  const ServerContextPtr other = get_ca().make_server("DNS:api.example.com");
  const ExchangeEnd got = submit_to(other.get(), "localhost", get_ca_file());
  expect_tls_failure(got);
  EXPECT_THAT(got.failure->reason, StartsWith("TLS with localhost: the certificate is not for localhost"));
}

TEST_P(TlsTest, RefusesACertificateForAnotherAddress) {
  const ServerContextPtr other = get_ca().make_server("DNS:localhost,IP:127.0.0.9");
  expect_tls_failure(submit_to(other.get(), "127.0.0.1", get_ca_file()));
}

TEST_P(TlsTest, RefusesACertificateOfAnUnknownCaAndSaysWhatToDo) {
  const ExchangeEnd got = submit_to(get_server_context(), "localhost", "");
  expect_tls_failure(got);
  EXPECT_THAT(got.failure->reason, HasSubstr("the certificate is not trusted"));
  EXPECT_THAT(got.failure->reason, HasSubstr("[api] ca_file"));
}

TEST_P(TlsTest, RefusesTls11) {
  const ServerContextPtr old = get_ca().make_server("DNS:localhost");
  SSL_CTX_set_security_level(old.get(), 0);
  SSL_CTX_set_min_proto_version(old.get(), TLS1_1_VERSION);
  SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
  expect_tls_failure(submit_to(old.get(), "localhost", get_ca_file()));
}

TEST_P(TlsTest, SpeaksTls12) {
  const ServerContextPtr older = get_ca().make_server("DNS:localhost");
  SSL_CTX_set_max_proto_version(older.get(), TLS1_2_VERSION);
  EXPECT_TRUE(submit_to(older.get(), "localhost", get_ca_file()).reply);
}

TEST_P(TlsTest, AServerThatDoesNotSpeakTlsIsSaidToBeNone) {
  server = std::make_unique<ScriptedServer>(
      std::vector<Script>{[](Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); }}, nullptr);
  options = make_options();
  const ExchangeEnd got = submit();
  expect_tls_failure(got);
  EXPECT_THAT(got.failure->reason, HasSubstr("does not speak TLS"));
}

TEST_P(TlsTest, AServerThatClosesInTheHandshakeIsUnsent) {
  server = std::make_unique<ScriptedServer>(std::vector<Script>{[](Peer& peer) { peer.close(); }}, nullptr);
  options = make_options();
  expect_tls_failure(submit());
}

TEST_P(TlsTest, AServerThatIsSilentInTheHandshakeTimesOut) {
  server =
      std::make_unique<ScriptedServer>(std::vector<Script>{[](Peer& peer) { peer.read_to_end(); }}, nullptr);
  options = make_options();
  options.connect_timeout = milliseconds(100);
  const ExchangeEnd got = submit();
  expect_tls_failure(got);
  EXPECT_TRUE(got.failure->timed_out);
  EXPECT_THAT(got.failure->reason, HasSubstr("no answer within 100 ms"));
}

TEST_P(TlsTest, AClientHelloTakesMoreThanOnePacket) {
  const std::size_t largest_segment = 1460;
  std::string record;
  server = std::make_unique<ScriptedServer>(
      std::vector<Script>{[&](Peer& peer) { record = peer.read(largest_segment + 1); }}, nullptr);
  options = make_options();
  options.connect_timeout = milliseconds(100);
  expect_tls_failure(submit());
  server->join();
  EXPECT_GT(record.size(), largest_segment);
  EXPECT_THAT(record, StartsWith("\x16\x03\x01"));
  EXPECT_THAT(record, HasSubstr("\x2a\x2a\x05\xdc")) << "its type, and 1,500";
}

TEST_P(TlsTest, ACaFileThatCannotBeReadIsNamed) {
  options.ca_file = "/nowhere/ca.pem";
  try {
    client();
    FAIL() << "the client was made";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/ca.pem: No such file or directory"));
  }
}

/// Two connections one after the other; whether the second resumed the first's session.
class ResumptionTest : public TlsTest {
 protected:
  std::vector<bool> connect_three_times(SSL_CTX* context) {
    std::vector<bool> resumed(3);
    const auto serve = [&](std::size_t index) {
      return [&, index](Peer& peer) {
        resumed[index] = peer.was_resumed();
        serve_one(peer, submission);
        peer.close();
      };
    };
    server = std::make_unique<ScriptedServer>(std::vector<Script>{serve(0), serve(1), serve(2)}, context);
    options = make_options();
    options.reuse_idle = milliseconds(0);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(submit().reply);
    server->join();
    return resumed;
  }
};
INSTANTIATE_TEST_SUITE_P(Net, ResumptionTest, ::testing::Values(true), name_transport);

TEST_P(ResumptionTest, ResumesTls13Sessions) {
  EXPECT_EQ(connect_three_times(get_server_context()), (std::vector<bool>{false, true, true}));
}

TEST_P(ResumptionTest, ResumesTls12Sessions) {
  const ServerContextPtr older = get_ca().make_server("IP:127.0.0.1");
  SSL_CTX_set_max_proto_version(older.get(), TLS1_2_VERSION);
  EXPECT_EQ(connect_three_times(older.get()), (std::vector<bool>{false, true, true}));
}

}  // namespace
}  // namespace reeld::test
