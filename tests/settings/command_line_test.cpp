#include "settings/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace reeld {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

std::variant<CommandLine, CommandLineText> parse_arguments(const std::vector<std::string>& arguments) {
  return parse_command_line(arguments);
}

CommandLine command_of(const std::vector<std::string>& arguments) {
  auto parsed = parse_arguments(arguments);
  if (const auto* text = std::get_if<CommandLineText>(&parsed)) {
    ADD_FAILURE() << text->text;
    return {};
  }
  return std::get<CommandLine>(std::move(parsed));
}

CommandLineText help_of(const std::vector<std::string>& arguments) {
  auto parsed = parse_arguments(arguments);
  if (std::holds_alternative<CommandLine>(parsed)) {
    ADD_FAILURE() << "was taken as a command";
    return {};
  }
  return std::get<CommandLineText>(std::move(parsed));
}

std::string usage_error_of(const std::vector<std::string>& arguments) {
  const CommandLineText text = help_of(arguments);
  EXPECT_EQ(text.exit_code, 64);
  return text.text;
}

TEST(CommandLine, RunNeedsNothingElse) {
  const CommandLine line = command_of({"run"});
  EXPECT_EQ(line.command, Command::run);
  EXPECT_EQ(line.common.config, "/etc/reeld/reeld.toml");
  EXPECT_FALSE(line.common.config_given);
  EXPECT_EQ(line.common.overrides.spool, std::nullopt);
  EXPECT_EQ(line.common.overrides.url, std::nullopt);
}

TEST(CommandLine, EveryCommandTakesTheCommonOptions) {
  for (const char* name : {"run", "drain", "check", "status", "hold", "release", "adopt"}) {
    const CommandLine line =
        command_of({name, "--config", "a.toml", "--spool=in", "--url", "https://a.example"});
    EXPECT_EQ(line.common.config, "a.toml");
    EXPECT_TRUE(line.common.config_given);
    EXPECT_EQ(line.common.overrides.spool, "in");
    EXPECT_EQ(line.common.overrides.url, "https://a.example");
  }
}

TEST(CommandLine, DrainHasPatience) {
  EXPECT_EQ(command_of({"drain"}).command, Command::drain);
  EXPECT_EQ(command_of({"drain"}).patience, minutes(10));
  EXPECT_EQ(command_of({"drain", "--patience", "1h30m"}).patience, minutes(90));
  EXPECT_EQ(usage_error_of({"drain", "--patience", "10"}),
            "reeld: --patience must be a duration such as \"500ms\", \"10s\", \"5m\" or \"1h30m\"; \"10\" "
            "has no unit: ms, s, "
            "m, h or d; see reeld --help\n");
  EXPECT_EQ(usage_error_of({"drain", "--patience", "0s"}),
            "reeld: --patience must be longer than nothing; see reeld --help\n");
}

TEST(CommandLine, CheckCanListPairs) {
  EXPECT_EQ(command_of({"check"}).command, Command::check);
  EXPECT_FALSE(command_of({"check"}).pairs);
  EXPECT_TRUE(command_of({"check", "--pairs"}).pairs);
  EXPECT_TRUE(command_of({"check", "--online"}).online);
}

TEST(CommandLine, RetryTakesPaths) {
  const CommandLine line = command_of({"retry", "a/scene1", "b c\n.txt", "--yes"});
  EXPECT_EQ(line.command, Command::retry);
  EXPECT_EQ(line.paths, (std::vector<std::string>{"a/scene1", "b c\n.txt"}));
  EXPECT_TRUE(line.is_agreed);
  EXPECT_FALSE(command_of({"retry", "a"}).is_agreed);
  EXPECT_EQ(command_of({"retry", "--spool", "in", "--", "-a"}).paths, std::vector<std::string>{"-a"});
  EXPECT_THAT(usage_error_of({"retry"}), HasSubstr("PATH is required"));
}

TEST(CommandLine, ResolveTakesPathsAndOneWord) {
  const CommandLine accepted = command_of({"resolve", "a", "--accepted", "video:1"});
  EXPECT_EQ(accepted.command, Command::resolve);
  EXPECT_EQ(accepted.paths, std::vector<std::string>{"a"});
  EXPECT_EQ(accepted.accepted, "video:1");
  const CommandLine rejected = command_of({"resolve", "--not-accepted", "a"});
  EXPECT_EQ(rejected.command, Command::resolve);
  EXPECT_EQ(rejected.accepted, std::nullopt);
  EXPECT_EQ(usage_error_of({"resolve", "a"}),
            "reeld: resolve needs --accepted ID or --not-accepted; see reeld --help\n");
  EXPECT_EQ(usage_error_of({"resolve", "a", "--accepted", "a\nb"}),
            "reeld: --accepted needs the job's id at the API; see reeld --help\n");
  usage_error_of({"resolve", "a", "--accepted", ""});
  usage_error_of({"resolve", "a", "--accepted", "x", "--not-accepted"});
  usage_error_of({"resolve", "--not-accepted"});
  EXPECT_EQ(command_of({"resolve", "a", "b", "--not-accepted"}).paths, (std::vector<std::string>{"a", "b"}));
  EXPECT_THAT(usage_error_of({"resolve", "a", "b", "--accepted", "video_1"}), HasSubstr("name one pair"));
}

TEST(CommandLine, TheOtherCommands) {
  EXPECT_EQ(command_of({"hold"}).command, Command::hold);
  EXPECT_EQ(command_of({"release"}).command, Command::release);
  EXPECT_TRUE(command_of({"adopt", "--yes"}).is_agreed);
  EXPECT_EQ(command_of({"forget", "a", "b"}).paths, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(command_of({"ledger", "--backup", "f"}).backup, "f");
  usage_error_of({"forget"});
  usage_error_of({"ledger"});
  EXPECT_EQ(command_of({"status"}).command, Command::status);
  EXPECT_TRUE(command_of({"status", "--json"}).json);
  EXPECT_TRUE(command_of({"status", "--healthy"}).healthy);
}

TEST(CommandLine, VersionAndHelpAreFine) {
  const CommandLineText version = help_of({"--version"});
  EXPECT_TRUE(version.is_version) << "the caller knows it";
  EXPECT_EQ(version.exit_code, 0);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"-h"}, {"run", "--help"}, {"drain", "-h"}}) {
    const CommandLineText help = help_of(arguments);
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.text, HasSubstr("Usage: reeld"));
  }
  EXPECT_THAT(help_of({"drain", "--help"}).text, HasSubstr("--patience TIME"));
}

TEST(CommandLine, TheLogsFormAndLevelAreTheCommandsToo) {
  const CommandLine line = command_of({"drain", "--log-format", "text", "--log-level=debug"});
  EXPECT_EQ(line.common.overrides.log_format, LogFormat::text);
  EXPECT_EQ(line.common.overrides.log_level, LogLevel::debug);
  EXPECT_FALSE(command_of({"run"}).common.overrides.log_format);
  EXPECT_THAT(usage_error_of({"run", "--log-format", "xml"}),
              HasSubstr("--log-format must be auto, json, text or journal; \"xml\" was given"));
  EXPECT_THAT(usage_error_of({"run", "--log-level", "warn"}), HasSubstr("debug, info, warning or error"));
}

TEST(CommandLine, HelpIsACommandToo) {
  EXPECT_EQ(help_of({"help"}).text, help_of({"--help"}).text);
  EXPECT_EQ(help_of({"help"}).exit_code, 0);
  EXPECT_EQ(help_of({"help", "drain"}).text, help_of({"drain", "--help"}).text);
  EXPECT_THAT(usage_error_of({"help", "drian"}), HasSubstr("did you mean \"drain\"?"));
  EXPECT_THAT(usage_error_of({"help", "drain", "run"}), HasSubstr("help takes one command"));
}

TEST(CommandLine, HelpListsWhatThereIs) {
  const std::string help = help_of({"--help"}).text;
  for (const char* word :
       {"run", "drain", "check", "status", "list", "retry", "resolve", "hold", "release", "adopt", "init",
        "forget", "ledger", "--version", "REELD_API_KEY", "75 try later"}) {
    EXPECT_THAT(help, HasSubstr(word));
  }
  EXPECT_THAT(help, Not(HasSubstr("follow")));
}

TEST(CommandLine, MistakesAreOneLineAndAPointerToHelp) {
  const std::string all =
      "run, drain, check, status, list, retry, resolve, hold, release, adopt, init, forget or ledger";
  EXPECT_EQ(usage_error_of({}), "reeld: no command given: " + all + "; see reeld --help\n");
  EXPECT_EQ(usage_error_of({"chekc"}),
            "reeld: unknown command \"chekc\"; did you mean \"check\"?; see reeld --help\n");
  EXPECT_EQ(usage_error_of({"follow", "scene1"}),
            "reeld: following jobs that were submitted is not in this version of reeld (0.1.0); see reeld "
            "--help\n");
  EXPECT_EQ(usage_error_of({"--spool", "in", "run"}),
            "reeld: the command comes before its options: " + all + "; see reeld --help\n");
  EXPECT_EQ(usage_error_of({"run", "extra"}),
            "reeld: the following argument was not expected: extra; see reeld --help\n");
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"run", "--bogus"},
                                                    {"run", "extra"},
                                                    {"run", "--pairs"},
                                                    {"check", "--patience", "1m"},
                                                    {"run", "check"},
                                                    {"--bogus"},
                                                    {"run", "--spool", "a", "--spool", "b"},
                                                    {"run", "--spool"}}) {
    const std::string text = usage_error_of(arguments);
    EXPECT_THAT(text, HasSubstr("; see reeld --help\n"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  }
}

TEST(CommandLine, EmptyValuesAreMistakes) {
  EXPECT_EQ(usage_error_of({"run", "--config", ""}),
            "reeld: --config needs a file's name; see reeld --help\n");
  EXPECT_EQ(usage_error_of({"run", "--spool", ""}),
            "reeld: --spool needs a directory's name; see reeld --help\n");
  EXPECT_EQ(usage_error_of({"run", "--url", ""}), "reeld: --url needs a URL; see reeld --help\n");
}

TEST(CommandLine, StatusIsWatchedEveryTwoSecondsOrAsOftenAsIsSaid) {
  EXPECT_EQ(command_of({"status"}).watch, std::nullopt);
  EXPECT_EQ(command_of({"status", "--watch"}).watch, std::chrono::seconds(2));
  EXPECT_EQ(command_of({"status", "--watch", "--json"}).watch, std::chrono::seconds(2));
  EXPECT_EQ(command_of({"status", "--watch=0.5"}).watch, milliseconds(500));
  EXPECT_EQ(command_of({"status", "--watch", "10"}).watch, std::chrono::seconds(10));
  for (const char* const bad :
       {"--watch=0", "--watch=-1", "--watch=soon", "--watch=1e9", "--watch=nan", "--watch=2s"})
    EXPECT_EQ(
        usage_error_of({"status", bad}),
        "reeld: --watch needs a number of seconds from 0.1 to 3600, such as --watch=2; see reeld --help\n");
}

TEST(CommandLine, AListIsNarrowedByStateAndPaths) {
  const std::vector<std::string> arguments{"list", "--json", "--state", "doubt", "film", "scene.txt"};
  const auto parsed = parse_command_line(arguments);
  const auto& line = std::get<CommandLine>(parsed);
  EXPECT_EQ(line.command, Command::list);
  EXPECT_TRUE(line.json);
  EXPECT_EQ(line.state, "doubt");
  EXPECT_EQ(line.paths, (std::vector<std::string>{"film", "scene.txt"}));
  EXPECT_EQ(usage_error_of({"list", "--state", "asleep"}),
            "reeld: --state must be waiting, sending, accepted, refused or doubt; \"asleep\" was given; see "
            "reeld --help\n");
}

}  // namespace
}  // namespace reeld
