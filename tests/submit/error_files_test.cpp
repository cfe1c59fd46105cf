#include "submit/error_files.hpp"

#include <gmock/gmock.h>

#include "submit/submit_fixture.hpp"

namespace reeld {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ErrorFilesTest : public SubmitFixture {
 protected:
  /// The scheduler has had it sent, and it was refused.
  Action refuse(const ReadyPair& pair) {
    Action action = end(pair, Verdict::refused);
    const SteadyTime now = std::chrono::steady_clock::now();
    scheduler_.on_ready(pair, now);
    scheduler_.on_looked_up(pair, nullptr, milliseconds(0), now);
    scheduler_.pump(now);
    AttemptOutcome outcome;
    outcome.kind = AttemptOutcome::Kind::judged;
    outcome.verdict = Verdict::refused;
    for (const Action& given : scheduler_.take_actions()) {
      if (given.kind == Action::Kind::start) scheduler_.on_ended(pair.job, given.ticket, outcome, now, 0.0);
    }
    run(files_.publish(action));
    scheduler_.on_published(pair.job);
    return action;
  }
  void withdraw(const JobName& job) {
    files_.withdraw(job);
    ledger_.run();
  }

  std::vector<std::string> looked_at_;
  ErrorFiles files_{{ledger_.folder.fd(), syncs_, ledger_.link, log_, writer_, pending_, scheduler_, tasks_,
                     [this](const JobName& job) { looked_at_.push_back(job.text()); }}};
};

TEST_F(ErrorFilesTest, SayWhatWasRefusedAndTheLedgerKnowsThatItWasTold) {
  const Action action = refuse(write_pair("scene"));
  EXPECT_THAT(text_of("scene.error.json"), HasSubstr("a test's"));
  EXPECT_TRUE(read(pending_.find_number(action))->job.is_published);
  EXPECT_EQ(log_.ended().refused, 1U);
}

TEST_F(ErrorFilesTest, SayWhyAPairIsBadWithoutAnAttempt) {
  Action action;
  action.pair.job = {"", "scene"};
  action.verdict = Verdict::refused;
  scheduler_.on_bad(action.pair.job);
  files_.note_bad(action.pair.job, "the image is cut");
  run(files_.publish(action));
  EXPECT_THAT(text_of("scene.error.json"), HasSubstr("the image is cut"));
  EXPECT_THAT(text_of("scene.error.json"), HasSubstr("\"attempts\": 0"));
}

TEST_F(ErrorFilesTest, AreNotWrittenBesideFilesThatHaveComeInstead) {
  const ReadyPair pair = write_pair("scene");
  std::filesystem::remove(ledger_.folder / "scene.txt");
  write_pair("scene", "another prompt");
  refuse(pair);
  EXPECT_FALSE(is_there("scene.error.json"));
  EXPECT_EQ(log_.ended().refused, 0U);
}

TEST_F(ErrorFilesTest, AreWithdrawnAndTheirPairsLookedAtAgain) {
  const Action action = refuse(write_pair("scene"));
  withdraw(action.pair.job);
  EXPECT_FALSE(is_there("scene.error.json"));
  EXPECT_THAT(looked_at_, ElementsAre("scene"));
  EXPECT_EQ(log_.ended().refused, 0U) << "it counts for nothing";
  EXPECT_EQ(events().back(), "result.withdrawn");
}

TEST_F(ErrorFilesTest, ThatSomebodyHasTouchedStay) {
  const Action action = refuse(write_pair("scene"));
  ledger_.folder.write("scene.error.json", "my own notes");
  withdraw(action.pair.job);
  EXPECT_EQ(text_of("scene.error.json"), "my own notes");
  EXPECT_THAT(looked_at_, ElementsAre());
}

}  // namespace
}  // namespace reeld
