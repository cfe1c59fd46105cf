// The table [api].

#include <gtest/gtest.h>

#include "settings/load.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;

// What is said of one line below the URL: it is the file's third.
std::string api_complaint_of(const std::string& line) {
  const auto loaded = load_settings("[api]\nurl = \"https://a.example\"\n" + line + "\n", "f.toml");
  const auto* complaint = std::get_if<SettingsComplaint>(&loaded);
  return complaint == nullptr ? "(no complaint)" : complaint->message;
}

TEST(LoadApi, ReadsEveryKey) {
  const auto loaded = load_settings(
      "[api]\nurl = \"https://a.example\"\nkey_file = \"/k\"\nca_file = \"/ca.pem\"\nproxy = "
      "\"http://p:3128\"\n"
      "idempotency_header = \"Idempotency-Key\"\nimage_field = \"image[0]\"\nconnect_timeout = "
      "\"1s\"\nupload_timeout = \"2s\"\n"
      "response_timeout = \"3s\"\nreuse_idle = \"0s\"\nclient_cert_file = \"/c\"\nclient_key_file = \"/ck\"\n"
      "auth_header = \"api-key\"\nallow_http = [\"litellm\", \"fd00::1\"]\n",
      "f.toml");
  ASSERT_TRUE(std::holds_alternative<Settings>(loaded)) << std::get<SettingsComplaint>(loaded).message;
  const ApiSettings& api = std::get<Settings>(loaded).api;
  EXPECT_EQ(api.key_file, "/k");
  EXPECT_EQ(api.ca_file, "/ca.pem");
  EXPECT_EQ(api.proxy, "http://p:3128");
  EXPECT_EQ(api.idempotency_header, "Idempotency-Key");
  EXPECT_EQ(api.fields.image, "image[0]");
  EXPECT_EQ(api.connect_timeout, 1s);
  EXPECT_EQ(api.upload_timeout, 2s);
  EXPECT_EQ(api.response_timeout, 3s);
  EXPECT_EQ(api.reuse_idle, 0s);
  EXPECT_EQ(api.client_cert_file, "/c");
  EXPECT_EQ(api.client_key_file, "/ck");
  EXPECT_EQ(api.auth_header, "api-key");
  EXPECT_EQ(api.allow_http, (std::vector<std::string>{"litellm", "fd00::1"}));
}

TEST(LoadApi, TheIdempotencyHeaderIsAHeadersName) {
  const std::string wanted =
      "f.toml:3: api.idempotency_header: must be a header's name, such as \"Idempotency-Key\", without a "
      "colon or spaces";
  EXPECT_EQ(api_complaint_of("idempotency_header = \"Idempotency-Key:\""), wanted);
  EXPECT_EQ(api_complaint_of("idempotency_header = \"Idempotency Key\""), wanted);
  EXPECT_EQ(api_complaint_of("idempotency_header = \"Schl\xc3\xbcssel\""), wanted);
  EXPECT_EQ(api_complaint_of("idempotency_header = \"authorization\""),
            "f.toml:3: api.idempotency_header: is a header that reeld sends itself; write another, such as "
            "\"Idempotency-Key\"");
  EXPECT_EQ(api_complaint_of("idempotency_header = \"\""), "(no complaint)");
}

TEST(LoadApi, TheImageFieldIsAPlainName) {
  const std::string wanted =
      "f.toml:3: api.image_field: must be a form field's name, such as \"input_reference\": letters, digits "
      "and _-.[]";
  EXPECT_EQ(api_complaint_of("image_field = \"\""), wanted);
  EXPECT_EQ(api_complaint_of("image_field = 'a\"b'"), wanted);
  EXPECT_EQ(api_complaint_of("image_field = \"a b\""), wanted);
  for (const char* name : {"prompt", "size"}) {
    const std::string quoted = "\"" + std::string(name) + "\"";
    EXPECT_EQ(api_complaint_of("image_field = " + quoted), "f.toml:3: api.image_field: is " + quoted +
                                                               ", under which " + quoted +
                                                               " is sent; write another name");
  }
}

TEST(LoadApi, HostsThatMayBeSpokenToWithoutTlsAreNames) {
  const std::string wanted =
      "f.toml:3: api.allow_http: must hold names of hosts and addresses, such as [\"litellm\", "
      "\"10.0.0.5\"], "
      "each whole, and without scheme, brackets, port or \"*\"";
  for (const char* entry : {"*", "*.example", "litellm:4000", "http://litellm", "[::1]", ""})
    EXPECT_EQ(api_complaint_of("allow_http = [\"" + std::string(entry) + "\"]"), wanted) << entry;
  const auto loaded =
      load_settings("[api]\nurl = \"http://litellm:4000\"\nallow_http = [\"LiteLLM\"]\n", "f.toml");
  EXPECT_TRUE(std::holds_alternative<Settings>(loaded));
  SettingsOverrides overrides;
  overrides.url = "http://litellm:4000";
  EXPECT_TRUE(std::holds_alternative<Settings>(load_settings(
      "[api]\nurl = \"https://a.example\"\nallow_http = [\"litellm\"]\n", "f.toml", overrides)));
}

TEST(LoadApi, ACertificateAndItsKeyComeTogether) {
  EXPECT_EQ(
      api_complaint_of("client_cert_file = \"/c.pem\""),
      "f.toml:3: api.client_cert_file: is given without a key; name the file that holds the certificate's "
      "key as client_key_file");
  EXPECT_EQ(api_complaint_of("client_key_file = \"/c.pem\""),
            "f.toml:3: api.client_key_file: is given without a certificate; name the certificate's file as "
            "client_cert_file");
}

TEST(LoadApi, AProxyIsPlainAndNeverRepeated) {
  EXPECT_EQ(api_complaint_of("proxy = \"http://user:hunter2@p :3128\""),
            "f.toml:3: api.proxy: has a space or a character that is not ASCII; write "
            "\"http://proxy.example.com:3128\"");
}

TEST(LoadApi, AProxyThatIsNoneIsRefusedAtItsLine) {
  EXPECT_EQ(api_complaint_of("proxy = \"socks5://p:1080\""),
            "f.toml:3: api.proxy: a proxy of the kind \"socks5\" is not supported; write it as "
            "http://[user:password@]host[:port]");
  EXPECT_EQ(
      api_complaint_of("proxy = \"http://p:x\""),
      "f.toml:3: api.proxy: this is not a proxy's address; write it as http://[user:password@]host[:port]");
  EXPECT_EQ(api_complaint_of("proxy = \"\""), "(no complaint)");
}

}  // namespace
}  // namespace reeld
