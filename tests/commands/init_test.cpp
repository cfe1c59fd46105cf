#include "commands/init/init.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <deque>
#include <filesystem>
#include <fstream>

#include "commands/command_runner.hpp"
#include "commands/config_file.hpp"
#include "commands/init/init_files.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777U;
}

/// Nobody listens at the URL: what can be asked of it is tests/e2e's.
class Init : public testing::Test {
 protected:
  Init() {
    runner.variables.clear();
    runner.answer_text = [this](const std::string& question, bool is_secret) {
      questions.push_back((is_secret ? "secret: " : "") + question);
      if (answers.empty()) return std::optional<std::string>();
      auto answer = std::move(answers.front());
      answers.pop_front();
      return std::optional(std::move(answer));
    };
  }
  int init(std::deque<std::string> said, std::vector<std::string> more = {}) {
    answers = std::move(said);
    questions.clear();
    std::vector<std::string> arguments{"init", "--config", config};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runner.run(arguments);
  }

  CommandRunner runner;
  std::deque<std::string> answers;
  std::vector<std::string> questions;
  const std::string config = runner.folder / "own/reeld.toml";
  const std::string key = runner.folder / "own/key";
  const std::string spool = runner.folder / "spool";
};

TEST_F(Init, AsksForUrlKeyAndFolderAndWritesTwoFiles) {
  init({"http://127.0.0.1:1/v1", "sk-hunter2", spool});
  EXPECT_THAT(questions,
              ElementsAre(HasSubstr("URL"), testing::StartsWith("secret: The API key"), HasSubstr("folder")));
  EXPECT_EQ(read_text(key), "sk-hunter2\n");
  EXPECT_EQ(mode_of(key), 0600U);
  EXPECT_EQ(mode_of(config), 0644U);
  const Settings settings = load_config_file(config, {});
  EXPECT_EQ(settings.api.url.videos_url(), "http://127.0.0.1:1/v1/videos");
  EXPECT_EQ(settings.api.key_file, key);
  EXPECT_EQ(settings.spool.path, spool);
  EXPECT_EQ(settings.submit.scheduler.masses.ask_above, 100U);
  EXPECT_THAT(read_text(config), HasSubstr("# The directory that is watched for pairs"))
      << "with its comments";
  EXPECT_THAT(read_text(config), Not(HasSubstr("hunter2")));
  EXPECT_THAT(runner.out.str() + runner.err.str(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(runner.err.str(), HasSubstr("the files are written"));
}

TEST_F(Init, OverwritesNothing) {
  runner.folder.make_folder("own");
  for (const std::string& file : {config, key}) {
    std::ofstream(file) << "mine";
    EXPECT_EQ(init({"http://127.0.0.1:1", "sk-hunter2", spool}), 1);
    EXPECT_TRUE(questions.empty()) << "nobody is asked for what would not be kept";
    EXPECT_THAT(runner.err.str(), HasSubstr(file + " is there already, and nothing is overwritten"));
    EXPECT_EQ(read_text(file), "mine");
    std::filesystem::remove(file);
    std::filesystem::create_symlink(runner.folder / "nowhere", file);
    EXPECT_EQ(init({"http://127.0.0.1:1", "sk-hunter2", spool}), 1) << "a link is there, too";
    std::filesystem::remove(file);
  }
  EXPECT_FALSE(std::filesystem::exists(runner.folder / "nowhere"));
}

TEST_F(Init, DoesNotAskForWhatTheCommandLineSays) {
  init({"sk-hunter2"}, {"--url", "http://127.0.0.1:1", "--spool", spool});
  EXPECT_THAT(questions, ElementsAre(testing::StartsWith("secret: ")));
  EXPECT_EQ(load_config_file(config, {}).spool.path, spool);
}

TEST_F(Init, WritesNothingWhereAnAnswerCannotBeUsed) {
  const std::vector<std::pair<std::deque<std::string>, std::string>> cases{
      {{}, "no answer came for the URL"},
      {{""}, "there is no default"},
      {{"ftp://a.example"}, "the URL must begin with"},
      {{"http://a.example"}, "where the API key could be read on its way"},
      {{"https://a.example/v1/chat/completions"}, "write \"https://a.example\""},
      {{"http://127.0.0.1:1", "\"sk-hunter2\""}, "quotes"},
      {{"http://127.0.0.1:1", ""}, "the key"},
      {{"http://127.0.0.1:1", "sk-hunter2"}, "no answer came for the folder"},
      {{"http://127.0.0.1:1", "sk-hunter2", spool + "/no/such"}, "there is no folder " + spool + "/no"},
  };
  for (const auto& [said, complaint] : cases) {
    EXPECT_NE(init(said), 0);
    EXPECT_THAT(runner.err.str(), HasSubstr(complaint));
    EXPECT_THAT(runner.err.str(), HasSubstr("nothing was written"));
    EXPECT_THAT(runner.err.str(), Not(HasSubstr("hunter2")));
    EXPECT_FALSE(std::filesystem::exists(key));
    EXPECT_FALSE(std::filesystem::exists(config));
  }
}

TEST_F(Init, RefusesNamesThatNoConfigurationCanHave) {
  init({"http://127.0.0.1:1", "sk-hunter2", spool + "/\x1b[31m"});
  EXPECT_THAT(runner.err.str(), HasSubstr("without control characters"));
  for (const std::string name : {"my.key", "new/", "a\nb.toml"}) {
    EXPECT_EQ(runner.run({"init", "--config", runner.folder / name}), 64) << name;
    EXPECT_FALSE(std::filesystem::exists(runner.folder / name)) << name;
  }
}

TEST_F(Init, SaysWhatToDoWithTheFileOfThePackage) {
  runner.folder.make_folder("own");
  std::ofstream(config) << installed_config();
  EXPECT_EQ(init({}), 1);
  EXPECT_THAT(runner.err.str(), HasSubstr("set url in it, put the key into " + key));
}

TEST_F(Init, APersonIsAskedAgain) {
  runner.is_in_terminal = true;
  init({"ftp://x", "http://127.0.0.1:1", "", "sk-hunter2", spool});
  EXPECT_EQ(questions.size(), 5U);
  EXPECT_TRUE(std::filesystem::exists(config));
}

TEST_F(Init, TakesAnEmptyAnswerForTheDefaultAndMakesTheFolder) {
  runner.variables["HOME"] = runner.folder.path();
  init({"http://127.0.0.1:1", "sk-hunter2", "~/films"});
  EXPECT_EQ(load_config_file(config, {}).spool.path, runner.folder / "films");
  EXPECT_TRUE(std::filesystem::is_directory(runner.folder / "films"));
}

TEST(WriteConfig, PutsAnyPathIntoIt) {
  const InitAnswers answers{"https://a.example?x=1", "k", "/srv/a \"b\" \\c"};
  const auto loaded = load_settings(write_config(installed_config(), answers, "/etc/k\\ey"), "x");
  ASSERT_TRUE(std::holds_alternative<Settings>(loaded)) << std::get<SettingsComplaint>(loaded).message;
  EXPECT_EQ(std::get<Settings>(loaded).spool.path, answers.spool);
  EXPECT_EQ(std::get<Settings>(loaded).api.key_file, "/etc/k\\ey");
  EXPECT_THAT(write_config(installed_config(), answers, ""), HasSubstr("\n#key_file = \"\"\n"));
}

}  // namespace
}  // namespace reeld
