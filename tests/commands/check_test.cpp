#include "commands/check/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command_runner.hpp"

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Check : public testing::Test {
 protected:
  int check(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"check", "--spool", runner.folder / "spool", "--url",
                                       "https://a.example"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runner.run(arguments);
  }

  CommandRunner runner;
};

TEST_F(Check, SaysWhatReeldMakesOfItsSurroundings) {
  EXPECT_EQ(check(), 0);
  EXPECT_EQ(runner.err.str(), "");
  const std::string said = runner.out.str();
  EXPECT_THAT(said, HasSubstr("configuration no file\n"));
  EXPECT_THAT(said, HasSubstr("spool         " + runner.folder.path() + "/spool, with its sub-folders; "));
  EXPECT_THAT(said, HasSubstr("API           https://a.example/v1/videos\n"));
  EXPECT_THAT(said, HasSubstr("key           from REELD_API_KEY\n"));
  EXPECT_THAT(
      said,
      HasSubstr(
          "limits        16 at one time, no limit a minute, no limit a day; prompts up to 128KiB, images up "
          "to 32MiB\n"));
  EXPECT_THAT(said, Not(HasSubstr("hunter2")));
  EXPECT_THAT(said, Not(HasSubstr("pairs")));
  EXPECT_TRUE(runner.started.empty());
}

TEST_F(Check, ListsPairsWhenAsked) {
  EXPECT_EQ(check({"--pairs"}), 0);
  EXPECT_THAT(runner.out.str(), HasSubstr("pairs         none\n"));
}

TEST_F(Check, EveryProblemIsALineAndAConfigurationError) {
  runner.variables.clear();
  runner.folder.remove("spool");
  EXPECT_EQ(check({"--pairs"}), 78);
  EXPECT_EQ(
      runner.err.str(),
      "reeld: open the spool " + runner.folder.path() +
          "/spool: No such file or directory; create the directory, owned by the user that reeld runs as, or "
          "name "
          "another\n"
          "reeld: no API key: name a file that holds it as api.key_file, or provide the systemd credential "
          "\"api-key\", or set REELD_API_KEY\n");
}

TEST_F(Check, AConfigurationThatCannotBeReadEndsIt) {
  runner.folder.write("default.toml", "[spol]\n");
  EXPECT_EQ(check(), 78);
  EXPECT_EQ(runner.err.str(), "reeld: " + runner.folder.path() +
                                  "/default.toml:1: spol: unknown table; did you mean \"spool\"?\n");
  EXPECT_EQ(runner.out.str(), "configuration " + runner.folder.path() + "/default.toml\n");
}

TEST_F(Check, SaysWhereMetricsAreServedAndWarnsOfWhoElseMayReadThem) {
  runner.folder.write("default.toml", "[metrics]\nlisten = \"9465\"\n");
  EXPECT_EQ(check(), 0);
  EXPECT_THAT(runner.out.str(), HasSubstr("metrics       http://127.0.0.1:9465/metrics and /healthz\n"));
  EXPECT_EQ(runner.err.str(), "");
  runner.folder.write("default.toml", "[metrics]\nlisten = \"0.0.0.0:9465\"\n");
  EXPECT_EQ(check(), 0);
  EXPECT_THAT(runner.err.str(),
              StartsWith("reeld: warning: metrics.listen: other machines can reach 0.0.0.0:9465"));
}

/// As root, what the unit would do: its key, but only where the unit would send it.
TEST_F(Check, FindsTheUnitsKeyAndKeepsItFromOthers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may read a unit's key";
  const std::string key = runner.folder / "api-key";
  runner.folder.write("api-key", "of-the-unit\n");
  ASSERT_EQ(::chmod(key.c_str(), 0600), 0);
  runner.folder.write("default.toml", "[api]\nurl = \"https://a.example\"\n");
  const std::vector<std::string> arguments{"check", "--spool", runner.folder / "spool"};
  runner.variables.clear();
  EXPECT_EQ(runner.run(arguments), 0) << runner.err.str();
  EXPECT_THAT(runner.out.str(), HasSubstr("key           from " + key + "\n"));
  runner.folder.write("other.toml", "[api]\nurl = \"https://b.example\"\n");
  EXPECT_NE(
      runner.run({"check", "--spool", runner.folder / "spool", "--config", runner.folder / "other.toml"}), 0);
  EXPECT_THAT(runner.err.str(), HasSubstr("no API key")) << "another unit's, which has none";
  EXPECT_NE(check(), 0) << "another API";
  EXPECT_THAT(runner.err.str(), HasSubstr("no API key"));
  runner.variables["REELD_API_KEY"] = "hunter2";
  EXPECT_EQ(runner.run(arguments), 0);
  EXPECT_THAT(runner.out.str(), HasSubstr("key           from REELD_API_KEY\n"));
}

}  // namespace
}  // namespace reeld
