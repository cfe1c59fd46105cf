#include "commands/api_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "commands/fake_environment.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using Source = HeaderSetting::Source;
using testing::HasSubstr;

class ApiCredentialsTest : public testing::Test {
 protected:
  void write(std::string_view name, std::string_view text, mode_t mode = 0600) {
    folder.write(name, text);
    EXPECT_EQ(::chmod((folder / name).c_str(), mode), 0);
  }

  std::variant<FoundCredentials, NoKey> find() { return find_credentials(api, make_environment(variables)); }

  FoundCredentials credentials_of() {
    auto found = find();
    if (const auto* missing = std::get_if<NoKey>(&found)) {
      ADD_FAILURE() << missing->message;
      return {};
    }
    return std::get<FoundCredentials>(std::move(found));
  }

  std::string complaint_of() {
    auto found = find();
    const auto* const missing = std::get_if<NoKey>(&found);
    return missing == nullptr ? "(no complaint)" : missing->message;
  }

  TempFolder folder;
  ApiSettings api;
  std::map<std::string, std::string> variables{{"REELD_API_KEY", "sk-1"}};
};

TEST_F(ApiCredentialsTest, HeadersComeFromTextsFilesAndCredentials) {
  write("tenant", "films\r\n");
  write("gateway", "Basic dXNlcjpwdw==");
  variables["CREDENTIALS_DIRECTORY"] = folder.path();
  write("api-key", "sk-2");
  api.headers = {{"x-a", Source::text, "one"},
                 {"x-api-key", Source::text, "two"},
                 {"x-b", Source::file, folder / "tenant"},
                 {"x-c", Source::credential, "gateway"}};
  const FoundCredentials found = credentials_of();
  EXPECT_EQ(found.credentials.key, "sk-2");
  EXPECT_EQ(found.credentials.headers, (std::vector<RequestHeader>{{"x-a", "one", false},
                                                                   {"x-api-key", "two", true},
                                                                   {"x-b", "films", true},
                                                                   {"x-c", "Basic dXNlcjpwdw==", true}}));
  EXPECT_TRUE(found.warnings.empty());
}

TEST_F(ApiCredentialsTest, AHeaderFileThatIsNoneIsNamedAndNeverShown) {
  api.headers = {{"x-a", Source::file, folder / "missing"}};
  EXPECT_EQ(complaint_of(),
            "api.headers.x-a: open " + folder.path() +
                "/missing: No such file or directory; it must name a file that reeld can read");
  write("two", "hunter2\nhunter2\n");
  api.headers = {{"x-a", Source::file, folder / "two"}};
  EXPECT_EQ(complaint_of(), "api.headers.x-a: " + folder.path() +
                                "/two: has more than one line; a header's value is on one line");
  write("loose", "hunter2", 0666);
  api.headers = {{"x-a", Source::file, folder / "loose"}};
  EXPECT_THAT(complaint_of(), HasSubstr("run: chmod go-w " + folder.path() + "/loose"));
}

TEST_F(ApiCredentialsTest, ACredentialThatIsNotThereIsExplained) {
  api.headers = {{"x-a", Source::credential, "gateway"}};
  EXPECT_EQ(
      complaint_of(),
      "api.headers.x-a: there is no systemd credential \"gateway\", for reeld was not started by a unit with "
      "credentials; write LoadCredential=gateway:/path into its unit, or { file = \"/path\" } here");
  variables["CREDENTIALS_DIRECTORY"] = folder.path();
  EXPECT_THAT(complaint_of(),
              HasSubstr("the unit's LoadCredential= must name a file for the credential \"gateway\""));
}

TEST_F(ApiCredentialsTest, AHeaderFileThatIsOpenToOthersIsWarnedOf) {
  write("tenant", "films", 0644);
  api.headers = {{"x-a", Source::file, folder / "tenant"}};
  EXPECT_EQ(credentials_of().warnings,
            std::vector{folder.path() +
                        "/tenant: the header x-a is open to every user (mode 0644); run: chmod o= " +
                        folder.path() + "/tenant"});
}

TEST_F(ApiCredentialsTest, TheCertificatesKeyIsNobodyElses) {
  write("cert", "a certificate", 0644);
  write("key", "a key", 0640);
  api.client_cert_file = folder / "cert";
  api.client_key_file = folder / "key";
  const FoundCredentials found = credentials_of();
  ASSERT_TRUE(found.credentials.certificate);
  EXPECT_EQ(found.credentials.certificate->certificate.text, "a certificate");
  EXPECT_EQ(found.credentials.certificate->key.text, "a key");
  EXPECT_EQ(found.credentials.certificate->key.path, folder.path() + "/key");
  write("key", "a key", 0644);
  EXPECT_EQ(complaint_of(),
            "api.client_key_file: " + folder.path() +
                "/key: the certificate's key is open to every user (mode 0644); run: chmod o= " +
                folder.path() + "/key");
  write("key", "a key", 0622);
  EXPECT_THAT(complaint_of(), HasSubstr("run: chmod go-w " + folder.path() + "/key"));
  folder.remove("cert");
  EXPECT_THAT(complaint_of(), HasSubstr("api.client_cert_file: open "));
}

TEST_F(ApiCredentialsTest, AllThatIsSecretIsListed) {
  api.url = std::get<ApiUrl>(parse_api_url("https://a.example?code=abcdefgh%2F&x=visible-value"));
  const ApiCredentials credentials{
      "sk-1", {{"x-a", "visible-header", false}, {"x-b", "hidden-header", true}}, std::nullopt};
  const Secrets secrets = list_secrets(api, credentials);
  EXPECT_EQ(secrets.take_out("sk-1 visible-header hidden-header abcdefgh%2F abcdefgh/ visible-value"),
            "[key] visible-header [secret] [secret] [secret] visible-value");
}

}  // namespace
}  // namespace reeld
