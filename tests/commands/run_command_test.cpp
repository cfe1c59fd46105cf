#include "commands/run_command.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "commands/command_runner.hpp"

namespace reeld {
namespace {

using std::chrono::minutes;

class RunCommand : public testing::Test {
 protected:
  void write_config(std::string_view more = "") {
    runner.folder.write("default.toml", "[api]\nurl = \"https://a.example\"\n" + std::string(more));
  }

  CommandRunner runner;
};

TEST_F(RunCommand, RunStartsTheDaemonWithWhatWasFound) {
  write_config("[submit]\nconcurrency = 3\n");
  EXPECT_EQ(runner.run({"run", "--spool", runner.folder / "spool"}), 0);
  ASSERT_EQ(runner.started.size(), 1U);
  const DaemonOptions& options = runner.started.front();
  EXPECT_EQ(options.settings.api.url.host, "a.example");
  EXPECT_EQ(options.settings.submit.lane.concurrency, 3U);
  EXPECT_EQ(options.settings.spool.path, runner.folder.path() + "/spool");
  EXPECT_EQ(options.credentials.key, "hunter2");
  EXPECT_EQ(options.mode, DaemonOptions::Mode::run);
  EXPECT_EQ(runner.err.str(), "");
}

TEST_F(RunCommand, DrainHasItsModeAndPatience) {
  write_config();
  EXPECT_EQ(runner.run({"drain", "--patience", "3m"}), 0);
  ASSERT_EQ(runner.started.size(), 1U);
  EXPECT_EQ(runner.started.front().mode, DaemonOptions::Mode::drain);
  EXPECT_EQ(runner.started.front().patience, minutes(3));
}

TEST_F(RunCommand, TheDaemonsExitCodeIsTheCommands) {
  write_config();
  runner.daemon_result = 75;
  EXPECT_EQ(runner.run({"run"}), 75);
}

TEST_F(RunCommand, EverythingWorksWithoutAFile) {
  EXPECT_EQ(runner.run({"run", "--spool", runner.folder / "spool", "--url", "http://localhost:8080"}), 0);
  ASSERT_EQ(runner.started.size(), 1U);
  EXPECT_EQ(runner.started.front().settings.api.url.port, 8080);
}

TEST_F(RunCommand, WithoutAUrlNothingStarts) {
  EXPECT_EQ(runner.run({"run"}), 78);
  EXPECT_EQ(runner.err.str(),
            "reeld: no API URL: give --url URL, or name a configuration file with --config FILE, or write "
            "/etc/reeld/reeld.toml\n");
  EXPECT_TRUE(runner.started.empty());
}

TEST_F(RunCommand, AConfigurationThatWasAskedForMustBeThere) {
  write_config();
  EXPECT_EQ(runner.run({"run", "--config", runner.folder / "other.toml"}), 78);
  EXPECT_EQ(runner.err.str(),
            "reeld: open " + runner.folder.path() +
                "/other.toml: No such file or directory; the configuration must be a file that reeld can "
                "read\n");
}

TEST_F(RunCommand, AMistakeInItIsOneLine) {
  write_config("[submit]\nconcurrency = 0\n");
  EXPECT_EQ(runner.run({"run"}), 78);
  EXPECT_EQ(runner.err.str(), "reeld: " + runner.folder.path() +
                                  "/default.toml:4: submit.concurrency: must be 1 to 1000; 0 was given\n");
  EXPECT_TRUE(runner.started.empty());
}

TEST_F(RunCommand, SeveralMistakesAreALineEach) {
  write_config("[submit]\nconcurency = 3\nper_minute = \"many\"\n");
  EXPECT_EQ(runner.run({"run"}), 78);
  const std::string place = "reeld: " + (runner.folder / "default.toml").string();
  const std::string said = runner.err.str();
  EXPECT_EQ(said.find(place + ":4: submit.concurency: "), 0U) << said;
  EXPECT_NE(said.find("\n" + place + ":5: submit.per_minute: "), std::string::npos) << said;
  EXPECT_EQ(std::ranges::count(said, '\n'), 2) << said;
}

TEST_F(RunCommand, WithoutAKeyNothingStarts) {
  write_config();
  runner.variables.clear();
  EXPECT_EQ(runner.run({"run"}), 78);
  EXPECT_EQ(runner.err.str(),
            "reeld: no API key: name a file that holds it as api.key_file, or provide the systemd credential "
            "\"api-key\", "
            "or set REELD_API_KEY\n");
  EXPECT_TRUE(runner.started.empty());
}

TEST_F(RunCommand, AKeyThatIsOpenToOthersIsWarnedOf) {
  runner.folder.write("key", "sk-abc\n");
  ASSERT_EQ(::chmod((runner.folder / "key").c_str(), 0644), 0);
  write_config("key_file = \"" + runner.folder.path() + "/key\"\n");
  EXPECT_EQ(runner.run({"run"}), 0);
  EXPECT_EQ(runner.err.str(), "reeld: warning: " + runner.folder.path() +
                                  "/key: the API key is open to every user (mode 0644); run: chmod o= " +
                                  runner.folder.path() + "/key\n");
}

TEST_F(RunCommand, ASettingWithoutEffectIsWarnedOf) {
  write_config("[follow]\nenabled = true\n");
  EXPECT_EQ(runner.run({"run"}), 0);
  EXPECT_EQ(runner.err.str(),
            "reeld: warning: follow.enabled has no effect in this version of reeld (0.1.0)\n");
}

TEST_F(RunCommand, AReloadReadsFileAndKeyAgainUnderTheSameOverrides) {
  runner.folder.write("key", "first");
  const std::string key_line = "key_file = \"" + runner.folder.path() + "/key\"\n";
  write_config(key_line);
  ASSERT_EQ(runner.run({"run", "--url", "https://b.example"}), 0);
  ASSERT_EQ(runner.started.size(), 1U);
  const auto& reload = runner.started.front().reload;
  write_config(key_line + "[submit]\nconcurrency = 5\n");
  runner.folder.write("key", "second");
  const auto loaded = reload();
  ASSERT_TRUE(std::holds_alternative<Reloaded>(loaded));
  EXPECT_EQ(std::get<Reloaded>(loaded).settings.submit.lane.concurrency, 5U);
  EXPECT_EQ(std::get<Reloaded>(loaded).settings.api.url.host, "b.example");
  EXPECT_EQ(std::get<Reloaded>(loaded).credentials.key, "second");
  write_config("[submit]\nconcurency = 5\n");
  const auto refused = reload();
  ASSERT_TRUE(std::holds_alternative<std::string>(refused));
  EXPECT_EQ(std::get<std::string>(refused),
            runner.folder.path() +
                "/default.toml:4: submit.concurency: unknown key; did you mean "
                "\"concurrency\"?");
}

TEST_F(RunCommand, AConfigurationOutOfAPipeIsReadOnce) {
  const std::string fifo = runner.folder / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(fifo) << "[api]\nurl = \"https://c.example\"\n"; });
  EXPECT_EQ(runner.run({"run", "--config", fifo}), 0);
  writer.join();
  ASSERT_EQ(runner.started.size(), 1U);
  EXPECT_EQ(runner.started.front().settings.api.url.host, "c.example");
  runner.folder.remove("fifo");
  const auto loaded = runner.started.front().reload();
  ASSERT_TRUE(std::holds_alternative<Reloaded>(loaded));
  EXPECT_EQ(std::get<Reloaded>(loaded).settings.api.url.host, "c.example");
  EXPECT_EQ(
      std::get<Reloaded>(loaded).warnings,
      std::vector{fifo + " is no regular file, and is not read again: what it held at the start stays"});
}

TEST_F(RunCommand, AnEmptyDeviceIsAnEmptyConfiguration) {
  EXPECT_EQ(runner.run({"run", "--config", "/dev/null", "--url", "https://a.example"}), 0);
  EXPECT_EQ(runner.run({"run", "--config", runner.folder / "spool", "--url", "https://a.example"}), 78);
  EXPECT_EQ(runner.err.str(),
            "reeld: read " + runner.folder.path() +
                "/spool: Is a directory; the configuration must be a file that reeld can read\n");
}

/// In a process of its own, since there is no way back.
class RunByRoot : public RunCommand {
 protected:
  static constexpr uid_t nobody = 65534;

  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    runner.folder.write("key", "sk-abc\n");
    ASSERT_EQ(::chmod((runner.folder / "key").c_str(), 0600), 0);
    ASSERT_EQ(::chmod(runner.folder.path().c_str(), 0755), 0);
    ASSERT_EQ(::chown((runner.folder / "spool").c_str(), nobody, nobody), 0);
    write_config("key_file = \"" + runner.folder.path() + "/key\"\n");
  }

  int run_as_owner(const std::string& command) {
    runner.run({command, "--spool", runner.folder / "spool"});
    if (runner.started.size() != 1) return 1;
    uid_t real = 0;
    uid_t effective = 0;
    uid_t saved = 0;
    ::getresuid(&real, &effective, &saved);
    if (real != nobody || effective != nobody || saved != nobody || ::getegid() == 0) return 2;
    if (runner.started.front().credentials.key != "sk-abc") return 3;
    const auto again = runner.started.front().reload_key(runner.folder / "key");
    const auto* const complaint = std::get_if<std::string>(&again);
    const bool is_named =
        complaint != nullptr && complaint->ends_with("reeld runs as nobody, who owns the ledger)");
    return is_named ? 0 : 4;
  }
};

TEST_F(RunByRoot, TheDaemonActsAsTheOwnerOnceTheKeyIsRead) {
  EXPECT_EXIT(std::_Exit(run_as_owner("run")), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(std::_Exit(run_as_owner("drain")), testing::ExitedWithCode(0), "");
}

TEST_F(RunByRoot, ASpoolOfRootsIsServedByRoot) {
  ASSERT_EQ(::chown((runner.folder / "spool").c_str(), 0, 0), 0);
  EXPECT_EQ(runner.run({"run", "--spool", runner.folder / "spool"}), 0);
  EXPECT_EQ(::geteuid(), 0U);
}

}  // namespace
}  // namespace reeld
