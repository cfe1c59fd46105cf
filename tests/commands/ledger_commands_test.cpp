// retry, resolve, hold, release, status and adopt on a ledger of a test's own, no daemon running.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <boost/json.hpp>
#include <fstream>
#include <thread>

#include "commands/ask.hpp"
#include "commands/command_runner.hpp"
#include "ledger/open_ledger.hpp"
#include "spool/result_place.hpp"
#include "spool/result_text.hpp"
#include "support/digests.hpp"
#include "sys/file_status.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr SystemTime noon = SystemTime{} + std::chrono::hours(12);

class LedgerCommands : public testing::Test {
 protected:
  LedgerCommands() {
    runner.folder.write("spool/scene.txt", "a prompt");
    runner.folder.write("spool/scene.png", "an image");
  }

  std::string path(const std::string& name) const { return (runner.folder / "spool" / name).string(); }
  bool holds(const std::string& name) const { return runner.folder.holds("spool/" + name); }
  std::string read(const std::string& name) const { return runner.folder.read("spool/" + name); }
  UniqueFd spool_fd() const { return std::get<UniqueFd>(open_folder_beneath(runner.folder.fd(), "spool")); }

  OpenLedger open() {
    const UniqueFd fd = spool_fd();
    LedgerPlace place;
    place.spool_fd = fd.get();
    place.spool_path = path("");
    auto opened = open_ledger(place);
    return std::move(std::get<OpenLedger>(opened));
  }

  FileIdentity identify_name(const std::string& name) const {
    return std::get<FileIdentity>(identify_beneath(spool_fd().get(), name));
  }

  /// The pair has been sent, with that end; its result stands beside it.
  void send(std::optional<Verdict> verdict, const std::string& answer = "{\"id\":\"video_1\"}",
            std::optional<SystemTime> repeat_at = std::nullopt, const std::string& created_id = "") {
    const OpenLedger ledger = open();
    IntentRecord intent;
    intent.token = "1-1";
    intent.job = {"", "scene"};
    intent.prompt_name = "scene.txt";
    intent.image_name = "scene.png";
    intent.pair = {identify_name("scene.txt"), identify_name("scene.png")};
    intent.digests = test::digest_pair(spool_fd().get(), "scene", ledger.store->reader().digest_seed());
    intent.folder = identify_folder(spool_fd().get());
    intent.at = noon;
    intent.fields = "{}";
    const std::int64_t job = ledger.store->add_intent(intent).job;
    if (!verdict) return;
    EndRecord end;
    end.token = "1-1";
    end.verdict = *verdict;
    end.reason = "as the test has it";
    end.api_id = *verdict == Verdict::accepted ? "video_1" : created_id;
    end.http_status = 200;
    end.answer = *verdict == Verdict::accepted ? answer : "";
    end.at = noon;
    end.repeat_at = repeat_at;
    ledger.store->end_attempt(end);
    if (repeat_at) return;  // it has no doubt.json until that is over
    const ResultText result = build_result(*ledger.store->reader().read(job));
    runner.folder.write("spool/" + result.file, result.text);
    ledger.store->mark_published(job);
  }

  std::string state() { return std::string(word_of(open().store->reader().find_at({"", "scene"})->state)); }

  CommandRunner runner;
};

TEST_F(LedgerCommands, ARetryWithoutAYesChangesNothing) {
  send(Verdict::accepted);
  EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
  EXPECT_EQ(runner.err.str(),
            "reeld: scene was accepted as video_1 at 1970-01-01T12:00:00.000Z; to run it again may buy a "
            "second time. "
            "Nothing was changed; if you are sure, say it with --yes\n");
  EXPECT_TRUE(holds("scene.job.json"));
  EXPECT_EQ(state(), "accepted");
}

TEST_F(LedgerCommands, AQuestionSteersNoTerminal) {
  runner.folder.write("spool/scene.job.json", R"({"id":"v\u001b]0;mine\u0007\u009b2J\u202e"})");
  open();
  for (const bool is_asked : {false, true}) {
    runner.answer = is_asked ? std::optional(false) : std::nullopt;
    EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
    const std::string shown = is_asked ? runner.asked : runner.err.str();
    EXPECT_THAT(shown, HasSubstr("as v\\u001b]0;mine\\u0007\\u009b2J\\u202e"));
  }
}

TEST_F(LedgerCommands, ARetryAsksAtATerminal) {
  send(Verdict::doubt);
  runner.answer = false;
  EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
  EXPECT_EQ(runner.asked,
            "reeld: scene is in doubt since 1970-01-01T12:00:00.000Z; to run it again may buy a second "
            "time. Go on? [y/N] ");
  EXPECT_EQ(runner.err.str(), "reeld: nothing was changed\n");
  EXPECT_EQ(state(), "doubt");
  runner.answer = true;
  EXPECT_EQ(runner.run({"retry", path("scene")}), 0);
  EXPECT_EQ(state(), "released");
  EXPECT_FALSE(holds("scene.doubt.json"));
}

TEST_F(LedgerCommands, ARetryWithAYesReleasesTheJobAndTakesTheResultAway) {
  send(Verdict::accepted);
  EXPECT_EQ(runner.run({"retry", "--yes", path("scene.txt")}), 0);
  EXPECT_EQ(runner.out.str(), "scene: runs again; reeld is not running\n");
  EXPECT_EQ(state(), "released");
  EXPECT_FALSE(holds("scene.job.json"));
  EXPECT_EQ(runner.run({"retry", path("scene")}), 0) << "nothing more is to be bought";
  EXPECT_THAT(runner.out.str(), StartsWith("scene: waits already"));
}

TEST_F(LedgerCommands, AnIntentThatACrashLeftOpenIsAskedAbout) {
  send(std::nullopt);
  EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
  EXPECT_THAT(runner.err.str(), HasSubstr("was being sent at 1970-01-01T12:00:00.000Z when reeld ended"));
  EXPECT_EQ(runner.run({"resolve", path("scene"), "--not-accepted"}), 0);
  EXPECT_EQ(state(), "unsent");
}

TEST_F(LedgerCommands, AnErrorFileIsRemovedWithoutAQuestion) {
  send(Verdict::refused);
  runner.folder.remove("spool/scene.doubt.json");
  runner.folder.write("spool/scene.error.json", "{}");
  EXPECT_EQ(runner.run({"retry", path("scene")}), 0);
  EXPECT_FALSE(holds("scene.error.json"));
}

TEST_F(LedgerCommands, AJobThatWasCreatedAndFailedIsAskedAbout) {
  send(Verdict::refused, "", std::nullopt, "video_77");
  for (const char* const error_file : {R"({"id":"video_77"})", ""}) {
    runner.folder.write("spool/scene.error.json", error_file);
    if (*error_file == 0) runner.folder.remove("spool/scene.error.json");
    runner.err.str("");
    EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
    EXPECT_THAT(runner.err.str(),
                StartsWith("reeld: scene was created as video_77 and failed, at 1970-01-01T12:"));
    EXPECT_EQ(state(), "refused");
  }
  EXPECT_EQ(runner.run({"retry", "--yes", path("scene")}), 0);
  EXPECT_EQ(state(), "released");
}

TEST_F(LedgerCommands, AnErrorFileThatNamesAJobIsAskedAboutThoughTheLedgerKnowsNothing) {
  open();
  runner.folder.write("spool/scene.error.json", R"({"http_status":200,"id":"video_77"})");
  EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
  EXPECT_THAT(runner.err.str(), HasSubstr("was created as video_77 and failed, as its .error.json says"));
  EXPECT_TRUE(holds("scene.error.json"));
}

TEST_F(LedgerCommands, ADoubtIsSettledAsAccepted) {
  send(Verdict::doubt);
  EXPECT_EQ(runner.run({"resolve", path("scene"), "--accepted", "video \"7\""}), 0);
  EXPECT_EQ(read("scene.job.json"), "{\n  \"id\": \"video \\\"7\\\"\"\n}\n");
  EXPECT_FALSE(holds("scene.doubt.json"));
  EXPECT_EQ(state(), "accepted");
  const OpenLedger ledger = open();
  EXPECT_TRUE(ledger.store->reader().list_unpublished().empty());
  EXPECT_EQ(ledger.store->reader().read(1)->end.api_id, "video \"7\"");
}

TEST_F(LedgerCommands, WhatIsNotInDoubtIsNotSettled) {
  send(Verdict::accepted);
  EXPECT_EQ(runner.run({"resolve", path("scene"), "--not-accepted"}), 1);
  EXPECT_EQ(runner.err.str(),
            "reeld: scene: is not in doubt; the ledger has it as accepted, so there is nothing to settle\n");
  EXPECT_EQ(state(), "accepted");
}

/// What has been done to the ledger, and not yet been committed, while the command has its look: so that it
/// comes between the look and the change.
class LedgerRaces : public LedgerCommands {
 protected:
  void begin_repeat(OpenLedger& ledger) {
    const JobRecord record = *ledger.store->reader().read(1);
    IntentRecord intent = record.intent;
    intent.token = "1-2";
    intent.job = record.job.name;
    intent.pair = record.job.pair;
    intent.is_repeat = true;
    ledger.store->begin();
    ASSERT_EQ(ledger.store->add_intent(intent).job, 1);
  }

  /// Runs it on a thread of its own until that waits for the ledger's lock, then commits, and joins it.
  int run_across_commit(OpenLedger& ledger, const std::vector<std::string>& arguments) {
    std::atomic<pid_t> thread_id = 0;
    std::atomic<int> code = -1;
    std::thread command([&] {
      thread_id = ::gettid();
      code = runner.run(arguments);
    });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(4);
    while (!is_asleep(thread_id) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    ledger.store->commit();
    command.join();
    return code;
  }

 private:
  /// proc(5): SQLite sleeps while another has the lock.
  static bool is_asleep(pid_t thread) {
    const std::string number = std::to_string(thread);
    std::ifstream file("/proc/self/task/" + number + "/syscall");
    long call = -1;
    return thread != 0 && file >> call && (call == SYS_clock_nanosleep || call == SYS_nanosleep);
  }
};

TEST_F(LedgerRaces, ARepeatThatBeganMeanwhileIsNotSettledAsNotAccepted) {
  send(Verdict::doubt, "", noon);
  OpenLedger ledger = open();
  begin_repeat(ledger);
  EXPECT_EQ(run_across_commit(ledger, {"resolve", path("scene"), "--not-accepted"}), 1);
  EXPECT_EQ(
      runner.err.str(),
      "reeld: scene: is not what was looked at any more, and nothing was changed: it is being sent since "
      "1970-01-01T12:00:00.000Z\n");
  EXPECT_EQ(ledger.store->reader().read(1)->job.state, LedgerState::intended);
}

TEST_F(LedgerRaces, ARepeatThatEndedMeanwhileIsNotOverwritten) {
  send(Verdict::doubt, "", noon);
  OpenLedger ledger = open();
  begin_repeat(ledger);
  EndRecord end;
  end.token = "1-2";
  end.verdict = Verdict::doubt;
  end.at = noon;
  ledger.store->end_attempt(end);
  EXPECT_EQ(run_across_commit(ledger, {"resolve", path("scene"), "--accepted", "video_7"}), 1);
  EXPECT_EQ(ledger.store->reader().read(1)->job.state, LedgerState::doubt);
  EXPECT_EQ(ledger.store->reader().read(1)->end.api_id, "");
  EXPECT_FALSE(holds("scene.job.json"));
}

/// Another operator's retry comes while the question is open, and is answered by the API.
class RetryRaces : public LedgerCommands {
 protected:
  RetryRaces() {
    runner.answer = true;
    runner.meanwhile = [this] { run_again(); };
  }

  void run_again() {
    const OpenLedger ledger = open();
    IntentRecord intent = ledger.store->reader().read(1)->intent;
    ledger.store->reopen(1, noon);
    if (!is_sent) return;
    intent.token = "1-2";
    intent.job = {"", "scene"};
    intent.pair = {identify_name("scene.txt"), identify_name("scene.png")};
    intent.digests = test::digest_pair(spool_fd().get(), "scene", ledger.store->reader().digest_seed());
    ASSERT_EQ(ledger.store->add_intent(intent).job, 1);
    EndRecord end;
    end.token = "1-2";
    end.verdict = Verdict::accepted;
    end.api_id = "video_2";
    end.answer = "{\"id\":\"video_2\"}";
    end.at = noon;
    ledger.store->end_attempt(end);
    runner.folder.write("spool/scene.job.json", end.answer);
    ledger.store->mark_published(1);
  }

  bool is_sent = true;
};

TEST_F(RetryRaces, AnAnswerThatComesAfterAnothersRetryBuysNothing) {
  send(Verdict::accepted);
  EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
  EXPECT_THAT(runner.asked, HasSubstr("accepted as video_1"));
  EXPECT_EQ(runner.err.str(),
            "reeld: scene: is not what was looked at any more, and nothing was changed: it was accepted as "
            "video_2 at 1970-01-01T12:00:00.000Z\n");
  EXPECT_EQ(state(), "accepted");
  EXPECT_TRUE(holds("scene.job.json"));
}

TEST_F(RetryRaces, NorOneThatComesWhileThatWaits) {
  is_sent = false;
  send(Verdict::doubt);
  EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
  EXPECT_THAT(runner.err.str(), HasSubstr("somebody has had it run again already"));
  EXPECT_EQ(state(), "released");
}

TEST_F(RetryRaces, NorOneAboutAResultThatTheLedgerKnewNothingOf) {
  runner.folder.write("spool/scene.job.json", "{\"id\":\"video_0\"}");
  open();
  runner.meanwhile = [this] {
    runner.folder.remove("spool/scene.job.json");
    send(Verdict::accepted);
  };
  EXPECT_EQ(runner.run({"retry", path("scene")}), 1);
  EXPECT_THAT(runner.err.str(), HasSubstr("it was accepted as video_1"));
  EXPECT_TRUE(holds("scene.job.json"));
}

TEST_F(LedgerCommands, HoldAndReleaseAreKeptInTheLedger) {
  open();
  const std::string spool = path("");
  EXPECT_EQ(runner.run({"hold", "--spool", spool}), 0);
  EXPECT_EQ(runner.out.str(), "held: nothing is sent until `reeld release` (spool " +
                                  (runner.folder / "spool").string() + "); reeld is not running\n");
  EXPECT_TRUE(open().store->reader().is_held());
  EXPECT_EQ(runner.run({"release", "--spool", spool}), 0);
  EXPECT_FALSE(open().store->reader().is_held());
}

TEST_F(LedgerCommands, ASpoolMayBeHeldBeforeItIsFirstServed) {
  const std::string spool = path("");
  EXPECT_EQ(runner.run({"release", "--spool", spool}), 0);
  EXPECT_EQ(runner.out.str(), "released: the spool has not been used yet, and is not held\n");
  EXPECT_FALSE(holds(".reeld"));
  EXPECT_EQ(runner.run({"hold", "--spool", spool}), 0);
  EXPECT_EQ(runner.out.str(), "held: nothing is sent until `reeld release` (spool " +
                                  (runner.folder / "spool").string() + "); reeld is not running\n");
  EXPECT_TRUE(holds(".reeld/spool"));
  EXPECT_TRUE(open().store->reader().is_held());
}

TEST_F(LedgerCommands, ALedgerThatCannotBeMadeIsNoHold) {
  runner.folder.write("default.toml", "[ledger]\npath = \"" + path("none/ledger.db") + "\"\n");
  EXPECT_EQ(runner.run({"hold", "--spool", path("")}), 78);
  EXPECT_THAT(runner.err.str(), HasSubstr("none/ledger.db"));
  EXPECT_FALSE(holds(".reeld"));
  runner.folder.remove("default.toml");
  runner.folder.make_folder("spool/.reeld");
  runner.folder.write("spool/.reeld/spool", "");
  runner.folder.make_folder("spool/within");
  EXPECT_EQ(runner.run({"hold", "--spool", path("within")}), 78);
  EXPECT_FALSE(holds("within/.reeld"));
}

TEST_F(LedgerCommands, AMistakeInTheConfigurationIsOne) {
  runner.folder.write("default.toml", "[spool]\npaht = \"x\"\n");
  EXPECT_EQ(runner.run({"hold"}), 78);
  EXPECT_THAT(runner.err.str(), HasSubstr("default.toml:2: spool.paht: unknown key"));
  EXPECT_EQ(runner.run({"status", "--config", path("none")}), 78);
}

TEST_F(LedgerCommands, StatusTellsOfDoubtsAndOfWhatWaits) {
  send(Verdict::doubt);
  runner.folder.write("spool/two.txt", "x");
  runner.folder.write("spool/two.png", "x");
  EXPECT_EQ(runner.run({"status", "--json", "--spool", path("")}), 0);
  const auto status = boost::json::parse(runner.out.str());
  EXPECT_FALSE(status.at("running").as_bool());
  EXPECT_TRUE(status.at("live").is_null());
  EXPECT_EQ(status.at("waiting"), 1U);
  EXPECT_EQ(status.at("jobs"), (boost::json::value{{"doubt", 1U}}));
  EXPECT_EQ(status.at("doubts").at(0).at("job"), "scene");
  EXPECT_EQ(status.at("waits").at("by_reason").at("not_running").at(0), 1U);
  EXPECT_EQ(status.at("last_errors").at(0).at("event"), "job.doubt");
  EXPECT_EQ(runner.run({"status", "--spool", path("")}), 0);
  EXPECT_THAT(runner.out.str(), HasSubstr("reeld         not running\nwaiting       1\n"));
  EXPECT_THAT(runner.out.str(), HasSubstr("              not_running      1     1     ."));
  EXPECT_THAT(runner.out.str(), HasSubstr("\nin doubt      1\n"));
  EXPECT_THAT(runner.out.str(), HasSubstr("`reeld resolve PATH --accepted ID`"));
  EXPECT_THAT(runner.out.str(),
              HasSubstr("last error    1970-01-01T12:00:00.000Z job.doubt scene: as the test has it\n"));
  EXPECT_THAT(runner.out.str(), HasSubstr("days: as the test has it\n"));
}

TEST_F(LedgerCommands, AWatchOfWhatIsNoTerminalSaysWhatToDo) {
  open();
  EXPECT_EQ(runner.run({"status", "--watch", "--spool", path("")}), 64);
  EXPECT_THAT(runner.err.str(), HasSubstr("with --json it writes one object a line"));
  EXPECT_EQ(runner.out.str(), "");
}

TEST_F(LedgerCommands, StatusTellsOfWhatACrashHasLeftOpen) {
  send(std::nullopt);
  EXPECT_EQ(runner.run({"status", "--spool", path("")}), 0);
  EXPECT_THAT(runner.out.str(),
              HasSubstr("in doubt      0\nleft open     1: reeld ended before their answers came;"));
}

TEST_F(LedgerCommands, AMissingLedgerIsRefusedUntilItIsAdopted) {
  send(Verdict::accepted);
  runner.folder.remove("spool/.reeld/ledger.db");
  const std::string spool = path("");
  EXPECT_EQ(runner.run({"hold", "--spool", spool}), 78);
  EXPECT_EQ(runner.run({"retry", "--yes", path("scene")}), 78);
  EXPECT_TRUE(holds("scene.job.json"));
  EXPECT_EQ(runner.run({"check", "--spool", spool, "--url", "https://a.example"}), 78);
  EXPECT_THAT(runner.err.str(), HasSubstr("that ledger is missing"));
  EXPECT_EQ(runner.run({"adopt", "--spool", spool}), 1);
  EXPECT_FALSE(holds(".reeld/ledger.db"));
  EXPECT_EQ(runner.run({"adopt", "--yes", "--spool", spool}), 0);
  EXPECT_EQ(runner.run({"hold", "--spool", spool}), 0);
}

}  // namespace
}  // namespace reeld
