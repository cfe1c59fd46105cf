// Certificates: whose are trusted, and what is shown to a server that asks for one; and what is said where
// that comes to nothing.

#include <gmock/gmock.h>
#include <openssl/pem.h>

#include <boost/asio/post.hpp>

#include "net/exchange_fixture.hpp"
#include "net/tls_context.hpp"
#include "support/temp_folder.hpp"

namespace reeld::test {
namespace {

namespace asio = boost::asio;
using ::testing::AllOf;
using ::testing::HasSubstr;

ClientCertificate make_pair_of(const PemIdentity& identity) {
  return {{"/etc/reeld/client.pem", identity.certificate}, {"/etc/reeld/client.key", identity.key}};
}

class TlsCertificates : public ExchangeTest {
 protected:
  ExchangeEnd submit_to(SSL_CTX* context, const std::string& ca_pem) {
    server = std::make_unique<ScriptedServer>(
        std::vector<Script>{[this](Peer& peer) { serve_one(peer, submission); }}, context);
    prepare(ca_pem);
    return submit();
  }

  void prepare(const std::string& ca_pem) {
    folder.write("ca.pem", ca_pem);
    options.host = "localhost";
    options.port = server->port();
    options.ca_file = folder / "ca.pem";
    options.certificate = certificate;
  }

  static std::string reason_of(const ExchangeEnd& got) {
    EXPECT_FALSE(got.reply);
    EXPECT_FALSE(got.committed);
    return got.failure ? got.failure->reason : "(no failure)";
  }

  TempFolder folder;
  TestCa root;
  TestCa intermediate = root.issue_authority();
  std::optional<ClientCertificate> certificate;
};
INSTANTIATE_TEST_SUITE_P(Net, TlsCertificates, ::testing::Values(true), name_transport);

TEST_P(TlsCertificates, AnIntermediateIsEnoughForAServerThatForgetsIt) {
  const ServerContextPtr forgetful = intermediate.make_server("DNS:localhost");
  EXPECT_TRUE(submit_to(forgetful.get(), intermediate.certificate_pem()).reply);
}

TEST_P(TlsCertificates, AnIntermediateIsEnoughWhereTheRootIsNotKnown) {
  const ServerContextPtr whole = intermediate.make_server("DNS:localhost");
  ASSERT_EQ(SSL_CTX_add1_chain_cert(whole.get(), intermediate.certificate()), 1);
  EXPECT_TRUE(submit_to(whole.get(), intermediate.certificate_pem()).reply);
}

/// It vouches for what it has issued, under that name, and for nothing else.
TEST_P(TlsCertificates, AnIntermediateIsNoMoreThanThat) {
  const ServerContextPtr of_root = root.make_server("DNS:localhost");
  EXPECT_THAT(reason_of(submit_to(of_root.get(), intermediate.certificate_pem())),
              HasSubstr("the certificate is not trusted"));
  the_client.reset();
  TestCa sibling = root.issue_authority();
  const ServerContextPtr of_sibling = sibling.make_server("DNS:localhost");
  EXPECT_THAT(reason_of(submit_to(of_sibling.get(), intermediate.certificate_pem())),
              HasSubstr("the certificate is not valid: certificate signature failure"));
  the_client.reset();
  const ServerContextPtr other_name = intermediate.make_server("DNS:elsewhere.example");
  EXPECT_THAT(reason_of(submit_to(other_name.get(), intermediate.certificate_pem())),
              HasSubstr("the certificate is not for localhost"));
}

TEST_P(TlsCertificates, AServerThatForgetsItsIntermediateIsToldSo) {
  const ServerContextPtr forgetful = intermediate.make_server("DNS:localhost");
  EXPECT_EQ(
      reason_of(submit_to(forgetful.get(), root.certificate_pem())),
      "TLS with localhost: the certificate is not trusted: unable to get local issuer certificate: the "
      "server "
      "sent its own certificate alone, and \"CN = reeld test intermediate\", which has issued it, is not "
      "known "
      "here. Have the server send its intermediate certificates too, or put the certificate of \"CN = reeld "
      "test intermediate\" into [api] ca_file");
}

TEST_P(TlsCertificates, OfAChainTheIssuerThatIsNotKnownIsNamed) {
  const ServerContextPtr whole = intermediate.make_server("DNS:localhost");
  ASSERT_EQ(SSL_CTX_add1_chain_cert(whole.get(), intermediate.certificate()), 1);
  EXPECT_EQ(
      reason_of(submit_to(whole.get(), get_ca().make_client().certificate)),
      "TLS with localhost: the certificate is not trusted: unable to get local issuer certificate: \"CN = "
      "reeld test "
      "CA\" is not known here; put its certificate into [api] ca_file");
}

TEST_P(TlsCertificates, ACertificateIsShownToWhoAsksForOne) {
  const ServerContextPtr asking = root.make_server("DNS:localhost");
  root.demand_certificate(asking.get());
  certificate = make_pair_of(root.make_client());
  EXPECT_TRUE(submit_to(asking.get(), root.certificate_pem()).reply);
}

TEST_P(TlsCertificates, ThoseThatHaveIssuedItAreShownWithIt) {
  const ServerContextPtr asking = root.make_server("DNS:localhost");
  root.demand_certificate(asking.get());
  PemIdentity client = intermediate.make_client();
  client.certificate += intermediate.certificate_pem();
  certificate = make_pair_of(client);
  EXPECT_TRUE(submit_to(asking.get(), root.certificate_pem()).reply);
}

TEST_P(TlsCertificates, WhoeverAsksForOneThatIsNotThereIsSaidToAsk) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const ServerContextPtr asking = root.make_server("DNS:localhost");
    root.demand_certificate(asking.get());
    SSL_CTX_set_max_proto_version(asking.get(), version);
    the_client.reset();
    EXPECT_THAT(reason_of(submit_to(asking.get(), root.certificate_pem())),
                AllOf(HasSubstr("the server asks for a client certificate, and there is none to show ("),
                      HasSubstr("as [api] client_cert_file and client_key_file")))
        << version;
  }
}

TEST_P(TlsCertificates, WhoeverDoesNotTakeItIsSaidNotTo) {
  const ServerContextPtr asking = root.make_server("DNS:localhost");
  root.demand_certificate(asking.get());
  certificate = make_pair_of(get_ca().make_client());
  EXPECT_THAT(reason_of(submit_to(asking.get(), root.certificate_pem())),
              HasSubstr("the server does not accept the client certificate in /etc/reeld/client.pem ("));
}

/// Of a server that is busy: the client's certificate is looked at once the whole request has come.
int verify_late(X509_STORE_CTX* store, void* committed) {
  static_cast<std::latch*>(committed)->wait();
  return X509_verify_cert(store);
}

TEST_P(TlsCertificates, WhatIsNotTakenHasReadNothingHoweverLateItSaysSo) {
  const ServerContextPtr asking = root.make_server("DNS:localhost");
  root.demand_certificate(asking.get());
  SSL_CTX_set_cert_verify_callback(asking.get(), &verify_late, &test_says);
  certificate = make_pair_of(get_ca().make_client());
  // The loop comes to it when the exchange waits for its answer.
  gate.on_pass = [this] { asio::post(loop, [this] { test_says.count_down(); }); };
  const ExchangeEnd got = submit_to(asking.get(), root.certificate_pem());
  EXPECT_EQ(gate.passed, 1);
  EXPECT_THAT(reason_of(got), HasSubstr("the server does not accept the client certificate"));
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::tls);
}

int choose_no_protocol(SSL*, const unsigned char**, unsigned char*, const unsigned char*, unsigned, void*) {
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Of a server that would rather speak HTTP/2.
int prefer_http2(SSL*, const unsigned char** out, unsigned char* length, const unsigned char* offered,
                 unsigned size, void*) {
  static constexpr unsigned char mine[] = "\x02h2\x08http/1.1";
  const int found =
      SSL_select_next_proto(const_cast<unsigned char**>(out), length, mine, sizeof mine - 1, offered, size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

TEST_P(TlsCertificates, OfBothHttp1_1IsSpoken) {
  const ServerContextPtr other = root.make_server("DNS:localhost");
  SSL_CTX_set_alpn_select_cb(other.get(), &prefer_http2, nullptr);
  EXPECT_TRUE(submit_to(other.get(), root.certificate_pem()).reply);
}

TEST_P(TlsCertificates, APortOfHttp2AloneIsSaidToBeOne) {
  const ServerContextPtr other = root.make_server("DNS:localhost");
  SSL_CTX_set_alpn_select_cb(other.get(), &choose_no_protocol, nullptr);
  EXPECT_THAT(reason_of(submit_to(other.get(), root.certificate_pem())),
              AllOf(HasSubstr("HTTP/2 alone"), HasSubstr("reeld speaks HTTP/1.1"),
                    HasSubstr("have it offer HTTP/1.1 too, or put another port into [api] url")));
}

TEST_P(TlsCertificates, AServerThatBeginsWithHttp2IsSaidToSpeakIt) {
  using namespace std::string_view_literals;
  const ServerContextPtr other = root.make_server("DNS:localhost");
  server = std::make_unique<ScriptedServer>(std::vector<Script>{[](Peer& peer) {
                                              peer.send("\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64"sv);
                                              peer.read_to_end();
                                            }},
                                            other.get());
  prepare(root.certificate_pem());
  // At whatever moment it is heard: before the first byte, or in the middle of the upload.
  submission = make_submission(large);
  EXPECT_THAT(reason_of(submit()), HasSubstr("what arrived is HTTP/2, and reeld speaks HTTP/1.1"));
}

std::string fault_of(const ClientCertificate& certificate) {
  try {
    const TlsContext context("localhost", "", certificate);
    return "(no fault)";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(ClientCertificate, AKeyMustBeTheCertificates) {
  const PemIdentity one = get_ca().make_client();
  const PemIdentity other = get_ca().make_client();
  EXPECT_EQ(fault_of(make_pair_of(one)), "(no fault)");
  EXPECT_EQ(
      fault_of(make_pair_of({one.certificate, other.key})),
      "api.client_key_file: /etc/reeld/client.key is not the key of the certificate in /etc/reeld/client.pem "
      "(the client's own certificate must be the first one there)");
}

TEST(ClientCertificate, WhatIsNoPemIsNamed) {
  const PemIdentity one = get_ca().make_client();
  EXPECT_EQ(fault_of(make_pair_of({one.key, one.key})),
            "api.client_cert_file: /etc/reeld/client.pem holds no certificate in PEM (\"-----BEGIN "
            "CERTIFICATE-----\")");
  EXPECT_EQ(fault_of(make_pair_of({one.certificate, one.certificate})),
            "api.client_key_file: /etc/reeld/client.key holds no private key in PEM (\"-----BEGIN PRIVATE "
            "KEY-----\")");
}

std::string encrypt(const std::string& key) {
  const std::unique_ptr<BIO, int (*)(BIO*)> from(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())),
                                                 &BIO_free);
  const std::unique_ptr<BIO, int (*)(BIO*)> into(BIO_new(BIO_s_mem()), &BIO_free);
  const KeyPtr plain(PEM_read_bio_PrivateKey(from.get(), nullptr, nullptr, nullptr));
  EXPECT_EQ(
      PEM_write_bio_PKCS8PrivateKey(into.get(), plain.get(), EVP_aes_128_cbc(), "pass", 4, nullptr, nullptr),
      1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(into.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

TEST(ClientCertificate, AnEncryptedKeyIsSaidToBeOne) {
  const PemIdentity one = get_ca().make_client();
  EXPECT_EQ(
      fault_of(make_pair_of({one.certificate, encrypt(one.key)})),
      "api.client_key_file: /etc/reeld/client.key holds an encrypted key, and reeld has no password for "
      "it; decrypt it (openssl pkey -in /etc/reeld/client.key -out KEY), put KEY in its place, and let "
      "nobody else read it");
}

}  // namespace
}  // namespace reeld::test
