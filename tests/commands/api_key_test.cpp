#include "commands/api_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/fake_environment.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

class ApiKeySources : public testing::Test {
 protected:
  ApiKeySources() { write("key", "from-file\n", 0600); }

  void write(std::string_view name, std::string_view text, mode_t mode) {
    folder.write(name, text);
    EXPECT_EQ(::chmod((folder / name).c_str(), mode), 0);
  }

  static FoundKey key_of(const std::string& key_file, const Environment& environment) {
    auto found = find_api_key(key_file, environment);
    if (const auto* missing = std::get_if<NoKey>(&found)) {
      ADD_FAILURE() << missing->message;
      return {};
    }
    return std::get<FoundKey>(std::move(found));
  }

  static std::string complaint_of(const std::string& key_file, const Environment& environment) {
    auto found = find_api_key(key_file, environment);
    return std::holds_alternative<FoundKey>(found) ? "(no complaint)" : std::get<NoKey>(found).message;
  }

  TempFolder folder;
};

TEST_F(ApiKeySources, TheFileComesFirstThenTheCredentialThenTheVariable) {
  folder.make_folder("credentials");
  write("credentials/api-key", "from-credential\n", 0600);
  const std::string credentials = folder / "credentials";
  const auto all =
      make_environment({{"CREDENTIALS_DIRECTORY", credentials}, {"REELD_API_KEY", "from-variable"}});
  const auto variable = make_environment({{"REELD_API_KEY", "from-variable"}});
  EXPECT_EQ(key_of(folder / "key", all).key, "from-file");
  EXPECT_EQ(key_of(folder / "key", all).source, folder.path() + "/key");
  EXPECT_EQ(key_of("", all).key, "from-credential");
  EXPECT_EQ(key_of("", all).source, credentials + "/api-key");
  EXPECT_EQ(key_of("", variable).key, "from-variable");
  EXPECT_EQ(key_of("", variable).source, "REELD_API_KEY");
}

TEST_F(ApiKeySources, ACredentialsFolderOfOtherCredentialsIsPassedOver) {
  const auto environment =
      make_environment({{"CREDENTIALS_DIRECTORY", folder.path()}, {"REELD_API_KEY", "from-variable"}});
  EXPECT_EQ(key_of("", environment).key, "from-variable");
}

TEST_F(ApiKeySources, WithoutAnyTheThreeWaysAreNamed) {
  EXPECT_EQ(complaint_of("", make_environment({})),
            "no API key: name a file that holds it as api.key_file, or provide the systemd credential "
            "\"api-key\", or set "
            "REELD_API_KEY");
}

TEST_F(ApiKeySources, AWrongSourceIsNotPassedOver) {
  const auto variable = make_environment({{"REELD_API_KEY", "from-variable"}});
  EXPECT_EQ(complaint_of(folder / "missing", variable),
            "open " + folder.path() +
                "/missing: No such file or directory; api.key_file must name a file that reeld can read, "
                "with the API key in it");
  write("empty", "\n", 0600);
  EXPECT_EQ(complaint_of(folder / "empty", variable),
            folder.path() + "/empty: is empty; the API key must be in it");
  const auto empty = make_environment({{"REELD_API_KEY", ""}});
  EXPECT_EQ(complaint_of("", empty), "REELD_API_KEY: is empty; the API key must be in it");
  write("api-key", "two words", 0600);
  const auto credential =
      make_environment({{"CREDENTIALS_DIRECTORY", folder.path()}, {"REELD_API_KEY", "from-variable"}});
  EXPECT_EQ(
      complaint_of("", credential),
      folder.path() +
          "/api-key: has a space within the key; write the key alone (it is a copy of the file that the "
          "unit's LoadCredential= names, for reeld.service /etc/reeld/api-key, made when the unit starts)");
}

TEST_F(ApiKeySources, NoComplaintShowsTheKey) {
  write("two", "hunter2\nhunter2\n", 0600);
  EXPECT_EQ(complaint_of(folder / "two", make_environment({})),
            folder.path() + "/two: has more than one line; write the key alone, on one line");
}

TEST_F(ApiKeySources, AFileThatIsOpenToOthersGetsAWarning) {
  EXPECT_EQ(key_of(folder / "key", make_environment({})).warning, "");
  write("key", "from-file\n", 0640);
  EXPECT_EQ(key_of(folder / "key", make_environment({})).warning, "");
  write("key", "from-file\n", 0644);
  EXPECT_EQ(key_of(folder / "key", make_environment({})).warning,
            folder.path() + "/key: the API key is open to every user (mode 0644); run: chmod o= " +
                folder.path() + "/key");
}

TEST_F(ApiKeySources, OfAUnitLieBesideItsConfiguration) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may read a unit's key";
  const std::string standard = folder / "reeld.toml";
  EXPECT_EQ(find_unit_key(standard, standard), "") << "there is none yet";
  write("api-key", "a-key\n", 0600);
  write("shop.key", "another\n", 0600);
  EXPECT_EQ(find_unit_key(standard, standard), folder / "api-key");
  EXPECT_EQ(find_unit_key("", standard), folder / "api-key") << "a unit without a configuration";
  EXPECT_EQ(find_unit_key(folder / "shop.toml", standard), folder / "shop.key");
  EXPECT_EQ(find_unit_key(folder / "films.toml", standard), "");
  EXPECT_EQ(find_unit_key("/etc/passwd", standard), "") << "no unit's";
}

}  // namespace
}  // namespace reeld
