#include "commands/check/check_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>

#include "commands/fake_environment.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class CheckApi : public testing::Test {
 protected:
  CheckApi() { use_url("https://a.example"); }

  void use_url(std::string_view url) { api.url = std::get<ApiUrl>(parse_api_url(url)); }

  // What goes to standard error.
  std::string check(const std::map<std::string, std::string>& variables) {
    out.str("");
    std::ostringstream err;
    CheckReport report(out, err);
    const Environment environment = make_environment(variables);
    check_api(api, find_credentials(api, environment), environment, report);
    return err.str();
  }

  ApiSettings api;
  std::ostringstream out;
};

TEST_F(CheckApi, SaysWhatIsUsed) {
  EXPECT_EQ(check({{"REELD_API_KEY", "hunter2"}}), "");
  EXPECT_EQ(out.str(),
            "API           https://a.example/v1/videos\n"
            "proxy         none\n"
            "certificates  the system's\n"
            "key           from REELD_API_KEY\n");
}

TEST_F(CheckApi, SaysWhatElseIsSentButNoValue) {
  const TempFolder folder;
  folder.write("tenant", "hunter2-secret\n");
  ASSERT_EQ(::chmod((folder / "tenant").c_str(), 0600), 0);
  use_url("https://a.example/openai?api-version=1&code=hunter2");
  api.auth_header = "api-key";
  api.headers = {{"x-a", HeaderSetting::Source::text, "hunter2"},
                 {"x-b", HeaderSetting::Source::file, folder / "tenant"}};
  api.fields.image = "image";
  api.fields.others = {{"seconds", "duration"}};
  EXPECT_EQ(check({{"REELD_API_KEY", "hunter2"}}), "");
  EXPECT_EQ(out.str(),
            "API           https://a.example/openai/v1/videos?api-version=1&code=[secret]\n"
            "proxy         none\n"
            "certificates  the system's\n"
            "fields        input_reference as image, seconds as duration\n"
            "headers       x-a, x-b (from " +
                folder.path() +
                "/tenant)\n"
                "key           from REELD_API_KEY, in the header api-key\n");
}

TEST_F(CheckApi, WarnsOfAHostThatIsSpokenToInTheClear) {
  const std::vector<std::string> allowed{"litellm"};
  api.url = std::get<ApiUrl>(parse_api_url("http://litellm:4000", allowed));
  EXPECT_EQ(
      check({{"REELD_API_KEY", "hunter2"}, {"HTTPS_PROXY", "http://proxy.example:3128"}}),
      "reeld: warning: api.allow_http: litellm is spoken to without TLS: who is on the way can read the API "
      "key and every pair\n");
  EXPECT_THAT(out.str(), HasSubstr("proxy         none\n")) << "HTTPS_PROXY is for https";
}

TEST_F(CheckApi, SaysWhereAProxyComesFrom) {
  check({{"REELD_API_KEY", "hunter2"}, {"https_proxy", "http://user:hunter2@proxy.example:3128"}});
  EXPECT_THAT(out.str(), HasSubstr("proxy         proxy.example:3128, from HTTPS_PROXY\n"));
  api.proxy = "http://other.example:8080";
  check({{"REELD_API_KEY", "hunter2"}, {"HTTPS_PROXY", "http://proxy.example:3128"}});
  EXPECT_THAT(out.str(), HasSubstr("proxy         other.example:8080, from api.proxy\n"));
  EXPECT_THAT(out.str(), Not(HasSubstr("hunter2")));
}

TEST_F(CheckApi, SaysWhereAProxyThatIsNoneComesFrom) {
  EXPECT_THAT(check({{"REELD_API_KEY", "hunter2"}, {"HTTPS_PROXY", "socks5://hunter2@p:1080"}}),
              StartsWith("reeld: HTTPS_PROXY: a proxy of the kind \"socks5\" is not supported; "));
}

TEST_F(CheckApi, LoopbackNeedsNeitherProxyNorCertificates) {
  use_url("http://127.0.0.1:8080");
  EXPECT_EQ(check({{"REELD_API_KEY", "hunter2"}, {"HTTPS_PROXY", "http://proxy.example:3128"}}), "");
  EXPECT_THAT(out.str(), HasSubstr("proxy         none\ncertificates  not needed: http\n"));
}

TEST_F(CheckApi, ComplainsOfAKeyThatIsMissing) {
  EXPECT_EQ(check({}),
            "reeld: no API key: name a file that holds it as api.key_file, or provide the systemd credential "
            "\"api-key\", "
            "or set REELD_API_KEY\n");
}

TEST_F(CheckApi, WarnsOfAnAddressAndAKeyThatWereMostLikelyNotMeant) {
  use_url("https://a.example/v1/chat/completions");
  const std::string said = check({{"REELD_API_KEY", "\"hunter2\""}});
  EXPECT_THAT(said,
              HasSubstr("api.url: requests will go to https://a.example/v1/chat/completions/v1/videos"));
  EXPECT_THAT(said, HasSubstr("REELD_API_KEY: the key stands in quotes"));
  EXPECT_THAT(said, Not(HasSubstr("hunter2")));
}

TEST_F(CheckApi, WarnsOfAKeyFileThatOthersCanRead) {
  const TempFolder folder;
  folder.write("key", "hunter2\n");
  api.key_file = folder / "key";
  ASSERT_EQ(::chmod(api.key_file.c_str(), 0644), 0);
  EXPECT_THAT(check({}), AllOf(HasSubstr("is open to every user (mode 0644)"), HasSubstr("chmod o=")));
  ASSERT_EQ(::chmod(api.key_file.c_str(), 0600), 0);
  EXPECT_EQ(check({}), "");
}

TEST_F(CheckApi, ComplainsOfCertificatesThatCannotBeLoaded) {
  const TempFolder folder;
  folder.write("ca.pem", "no certificate\n");
  api.ca_file = folder / "ca.pem";
  EXPECT_THAT(check({{"REELD_API_KEY", "hunter2"}}), HasSubstr("api.ca_file: read the CA certificates in "));
  EXPECT_THAT(check({{"REELD_API_KEY", "hunter2"}}), HasSubstr("ca.pem"));
  api.ca_file = folder / "missing.pem";
  EXPECT_THAT(check({{"REELD_API_KEY", "hunter2"}}), HasSubstr("missing.pem"));
}

}  // namespace
}  // namespace reeld
