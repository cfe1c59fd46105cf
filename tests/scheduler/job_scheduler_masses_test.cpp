// JobScheduler: new pairs that come in masses, and copies.

#include <gmock/gmock.h>

#include "scheduler/job_scheduler.hpp"

namespace reeld {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class JobSchedulerOfMasses : public ::testing::Test {
 protected:
  static ReadyPair make_pair(int number, bool is_found = true) {
    const auto inode = static_cast<std::uint64_t>(number) * 10 + 10;
    ReadyPair pair;
    pair.job = {"films", std::to_string(number)};
    pair.identity = {{1, inode, 10, 100}, {1, inode + 1, 20, 200}};
    pair.age_ns = number;
    pair.is_found = is_found;
    return pair;
  }
  void find(int count) {
    for (int i = 0; i < count; ++i) {
      scheduler_.on_ready(make_pair(i), now_);
      scheduler_.on_looked_up(make_pair(i), {}, milliseconds(0), now_);
    }
  }
  /// One more that comes with a folder.
  void arrive(int number) {
    ReadyPair pair = make_pair(number, false);
    pair.arriving = 1;
    scheduler_.on_ready(pair, now_);
    scheduler_.on_looked_up(pair, {}, milliseconds(0), now_);
  }
  /// The stems of what is started.
  std::vector<std::string> started() {
    scheduler_.pump(now_);
    std::vector<std::string> out;
    for (const Action& action : scheduler_.take_actions()) {
      if (action.kind == Action::Kind::start) out.push_back(action.pair.job.stem);
    }
    return out;
  }
  std::size_t waiting(WaitReason reason) const {
    WaitTable table;
    scheduler_.tally_waiting(table, now_);
    WaitCounts counts{};
    scheduler_.count_waiting(counts, now_);
    EXPECT_EQ(count_of(counts, reason), table.total(reason));
    return table.total(reason);
  }
  static SchedulerRules make_rules() {
    SchedulerRules rules;
    rules.masses.ask_above = 3;
    return rules;
  }

  SteadyTime now_{std::chrono::hours(1)};
  JobScheduler scheduler_{LaneLimits{}, make_rules()};
};

TEST_F(JobSchedulerOfMasses, SendsAFewOnceTheirScanIsOver) {
  find(3);
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_EQ(waiting(WaitReason::mass), 3u);
  EXPECT_EQ(scheduler_.waiting(), 3u);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), ElementsAre("0")) << "the lane begins with one";
  EXPECT_EQ(waiting(WaitReason::mass), 0u);
  EXPECT_EQ(scheduler_.waiting(), 2u);
  EXPECT_EQ(scheduler_.take_mass_news().held, 0u);
}

TEST_F(JobSchedulerOfMasses, SaysWhatItHoldsOfAnArrivingFolderOnceNoMoreComes) {
  for (int i = 0; i < 8; ++i) {
    arrive(i);
    scheduler_.pump(now_);
    EXPECT_EQ(scheduler_.take_mass_news().held, 0u);
    now_ += std::chrono::seconds(1);
  }
  EXPECT_EQ(waiting(WaitReason::mass), 5u);
  ASSERT_TRUE(scheduler_.wake_at());
  now_ = *scheduler_.wake_at();
  scheduler_.pump(now_);
  EXPECT_EQ(scheduler_.take_mass_news().held, 5u);
  EXPECT_NE(scheduler_.wake_at(), now_) << "there is nothing more to say";
  EXPECT_EQ(scheduler_.release_masses(), 5u);
}

TEST_F(JobSchedulerOfMasses, HasNothingToSayOfWhatWasReleasedBefore) {
  for (int i = 0; i < 5; ++i) arrive(i);
  scheduler_.pump(now_);
  EXPECT_EQ(scheduler_.release_masses(), 2u);
  now_ += std::chrono::minutes(1);
  scheduler_.pump(now_);
  EXPECT_EQ(scheduler_.take_mass_news().held, 0u);
  EXPECT_FALSE(scheduler_.wake_at() && *scheduler_.wake_at() <= now_);
}

TEST_F(JobSchedulerOfMasses, HoldsManyUntilTheyAreReleased) {
  find(5);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), IsEmpty());
  const MassNews news = scheduler_.take_mass_news();
  EXPECT_EQ(news.held, 5u);
  EXPECT_THAT(news.where, ElementsAre(testing::Pair("films", 5u)));
  EXPECT_EQ(scheduler_.mass_state(), MassState::held);
  scheduler_.on_ready(make_pair(70, false), now_);
  scheduler_.on_looked_up(make_pair(70, false), {}, milliseconds(0), now_);
  EXPECT_THAT(started(), ElementsAre("70")) << "what comes by itself is sent";
  EXPECT_EQ(scheduler_.release_masses(), 5u);
  EXPECT_THAT(started(), IsEmpty()) << "the first is under way";
  EXPECT_EQ(waiting(WaitReason::mass), 0u);
  EXPECT_EQ(scheduler_.waiting(), 5u);
  EXPECT_EQ(scheduler_.mass_state(), MassState::released);
}

TEST_F(JobSchedulerOfMasses, WaitsForTheLedgersAnswers) {
  find(4);
  scheduler_.on_ready(make_pair(9), now_);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_EQ(scheduler_.take_mass_news().held, 0u);
  auto known = std::make_shared<Recognition>();
  known->known.emplace();
  known->known->state = LedgerState::accepted;
  known->disposition = Disposition::finish;
  scheduler_.on_looked_up(make_pair(9), known, milliseconds(0), now_);
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_EQ(scheduler_.take_mass_news().held, 4u) << "one that was sent before is not new";
}

TEST_F(JobSchedulerOfMasses, OneThatGoesIsHeldNoMore) {
  find(5);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), IsEmpty());
  scheduler_.on_gone(make_pair(2).job);
  EXPECT_EQ(waiting(WaitReason::mass), 4u);
  EXPECT_EQ(scheduler_.release_masses(), 4u);
}

TEST_F(JobSchedulerOfMasses, OneThatIsWrittenAnewIsHeldAgain) {
  find(5);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), IsEmpty());
  scheduler_.on_ready(make_pair(2, false), now_);
  scheduler_.on_looked_up(make_pair(2, false), {}, milliseconds(0), now_);
  scheduler_.on_gone(make_pair(3).job);
  scheduler_.on_ready(make_pair(3, false), now_);
  scheduler_.on_looked_up(make_pair(3, false), {}, milliseconds(0), now_);
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_EQ(waiting(WaitReason::mass), 5u);
}

TEST_F(JobSchedulerOfMasses, StayHeldWhenIntakeBeginsAnew) {
  find(5);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), IsEmpty());
  scheduler_.drop_waiting();
  EXPECT_EQ(scheduler_.mass_state(), MassState::held);
  find(2);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_EQ(scheduler_.release_masses(), 2u);
}

TEST_F(JobSchedulerOfMasses, HoldsCopiesWhereThatIsTheRule) {
  SchedulerRules rules;
  rules.masses.holds_duplicates = true;
  scheduler_.change_rules(LaneLimits{}, rules, now_);
  auto copy = std::make_shared<Recognition>();
  copy->originals = {7};
  scheduler_.on_ready(make_pair(1, false), now_);
  scheduler_.on_looked_up(make_pair(1, false), copy, milliseconds(0), now_);
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_EQ(waiting(WaitReason::duplicate), 1u);
  EXPECT_THAT(scheduler_.take_mass_news().duplicates, ElementsAre(make_pair(1).job));
  EXPECT_EQ(scheduler_.release_masses(), 1u);
  scheduler_.on_looked_up(make_pair(1, false), copy, milliseconds(0), now_);
  EXPECT_THAT(started(), ElementsAre("1"));
}

class JobSchedulerOfCopies : public JobSchedulerOfMasses {
 protected:
  void SetUp() override {
    SchedulerRules rules;
    rules.masses.holds_duplicates = true;
    scheduler_.change_rules(LaneLimits{}, rules, now_);
  }
  static std::shared_ptr<Recognition> make_contents(std::uint64_t number, const ReadyPair& pair) {
    auto out = std::make_shared<Recognition>();
    out->found.stamps = pair.identity;
    out->found.digests = {ContentDigest{number, 1}, ContentDigest{number, 2}};
    return out;
  }
  void bring(const ReadyPair& pair, std::uint64_t contents) {
    scheduler_.on_ready(pair, now_);
    scheduler_.on_looked_up(pair, make_contents(contents, pair), milliseconds(0), now_);
  }
  std::vector<std::string> asked() {
    std::vector<std::string> out;
    for (const Action& action : scheduler_.take_actions()) {
      EXPECT_TRUE(action.kind != Action::Kind::look_up || action.pair.must_read);
      if (action.kind == Action::Kind::look_up) out.push_back(action.pair.job.stem);
    }
    return out;
  }
};

TEST_F(JobSchedulerOfCopies, OfAPairThatWaitsOrIsUnderWayWait) {
  bring(make_pair(1, false), 7);
  bring(make_pair(2, false), 7);
  bring(make_pair(3, false), 8);
  EXPECT_EQ(waiting(WaitReason::duplicate), 1u);
  EXPECT_THAT(scheduler_.take_mass_news().duplicates, ElementsAre(make_pair(2).job));
  EXPECT_THAT(started(), ElementsAre("1"));
  bring(make_pair(4, false), 7);
  EXPECT_EQ(waiting(WaitReason::duplicate), 2u);
}

TEST_F(JobSchedulerOfCopies, TheSameFilesUnderAnotherNameAreNone) {
  bring(make_pair(1, false), 7);
  ReadyPair moved = make_pair(1, false);
  moved.job.stem = "moved";
  bring(moved, 7);
  EXPECT_EQ(waiting(WaitReason::duplicate), 0u);
}

TEST_F(JobSchedulerOfCopies, AreJudgedAnewWhenTheFirstGoesUnsent) {
  bring(make_pair(1, false), 7);
  bring(make_pair(2, false), 7);
  EXPECT_THAT(asked(), ElementsAre("1", "2"));
  scheduler_.on_gone(make_pair(1).job);
  EXPECT_THAT(asked(), ElementsAre("2"));
  scheduler_.on_looked_up(make_pair(2, false), make_contents(7, make_pair(2)), milliseconds(0), now_);
  EXPECT_THAT(started(), ElementsAre("2"));
}

TEST_F(JobSchedulerOfCopies, WaitOnWhenTheFirstIsRefused) {
  bring(make_pair(1, false), 7);
  bring(make_pair(2, false), 7);
  EXPECT_THAT(started(), ElementsAre("1"));
  AttemptOutcome outcome;
  outcome.kind = AttemptOutcome::Kind::refused;
  outcome.verdict = Verdict::refused;
  scheduler_.on_ended(make_pair(1).job, 1, outcome, now_, 0);
  scheduler_.on_published(make_pair(1).job);
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_EQ(waiting(WaitReason::duplicate), 1u);
}

TEST_F(JobSchedulerOfCopies, ThatWereReleasedAreNotHeldAgain) {
  bring(make_pair(1, false), 7);
  bring(make_pair(2, false), 7);
  EXPECT_EQ(scheduler_.release_masses(), 1u);
  // The first was sent by then: the transaction of the second's intent knows it as a copy.
  auto copy = make_contents(7, make_pair(2));
  copy->originals = {1};
  EXPECT_THAT(asked(), ElementsAre("1", "2", "2"));
  scheduler_.on_looked_up(make_pair(2, false), copy, milliseconds(0), now_);
  EXPECT_EQ(waiting(WaitReason::duplicate), 0u);
  scheduler_.on_gone(make_pair(1).job);
  EXPECT_THAT(started(), ElementsAre("2"));
}

TEST_F(JobSchedulerOfCopies, ThatWereReleasedAreNotHeldWhenTheyAreLookedAtAgain) {
  bring(make_pair(1, false), 7);
  bring(make_pair(2, false), 7);
  EXPECT_EQ(scheduler_.release_masses(), 1u);
  scheduler_.on_looked_up(make_pair(2, false), make_contents(7, make_pair(2)), milliseconds(0), now_);
  EXPECT_THAT(started(), ElementsAre("1"));
  AttemptOutcome outcome;
  outcome.verdict = Verdict::accepted;
  outcome.kind = AttemptOutcome::Kind::judged;
  scheduler_.on_ended(make_pair(1).job, 1, outcome, now_, 0);
  scheduler_.on_published(make_pair(1).job);
  EXPECT_THAT(started(), ElementsAre("2"));
  // The transaction of its intent has found that it is a copy: intake looks, and it is ready once more.
  outcome.kind = AttemptOutcome::Kind::stale;
  scheduler_.on_ended(make_pair(2).job, 2, outcome, now_, 0);
  auto copy = make_contents(7, make_pair(2));
  copy->originals = {1};
  scheduler_.on_ready(make_pair(2, false), now_);
  scheduler_.on_looked_up(make_pair(2, false), copy, milliseconds(0), now_);
  EXPECT_THAT(started(), ElementsAre("2"));
}

TEST_F(JobSchedulerOfCopies, OfOneScanThatIsAskedAboutAreCopies) {
  SchedulerRules rules;
  rules.masses.holds_duplicates = true;
  rules.masses.ask_above = 3;
  scheduler_.change_rules(LaneLimits{}, rules, now_);
  bring(make_pair(1), 7);
  bring(make_pair(2), 7);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), ElementsAre("1"));
  EXPECT_EQ(waiting(WaitReason::duplicate), 1u);
}

TEST_F(JobSchedulerOfMasses, AreKnownToBeOverWhenTheFirstScanFindsNothing) {
  scheduler_.restore_masses(MassState::held);
  EXPECT_EQ(scheduler_.mass_state(), MassState::held);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_EQ(scheduler_.mass_state(), MassState::none);
}

/// A folder that is renamed while its answer is awaited: that may take minutes.
TEST_F(JobSchedulerOfMasses, APairWhoseFilesAreUnderWayUnderAnotherNameHoldsNoScanUp) {
  find(1);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), ElementsAre("0"));
  ReadyPair moved = make_pair(0);
  moved.job = {"renamed", "0"};
  scheduler_.on_ready(moved, now_);
  scheduler_.on_ready(make_pair(1), now_);
  scheduler_.on_looked_up(make_pair(1), {}, milliseconds(0), now_);
  scheduler_.on_all_found();
  scheduler_.pump(now_);
  EXPECT_EQ(scheduler_.stage_of(make_pair(1).job), JobStage::held) << "what the other is was not answered";
  auto recognition = std::make_shared<Recognition>();
  recognition->known = KnownJob{};
  recognition->disposition = Disposition::wait;
  scheduler_.on_looked_up(moved, recognition, milliseconds(0), now_);
  scheduler_.pump(now_);
  EXPECT_EQ(scheduler_.stage_of(make_pair(1).job), JobStage::waiting);
}

/// The same, while the ledger knows nothing of it yet.
TEST_F(JobSchedulerOfMasses, NorDoesOneWhoseIntentIsNotRecordedYet) {
  find(2);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), ElementsAre("0"));
  AttemptOutcome accepted;
  accepted.kind = AttemptOutcome::Kind::judged;
  accepted.verdict = Verdict::accepted;
  scheduler_.on_ended(make_pair(0).job, 1, accepted, now_, 0);
  scheduler_.on_published(make_pair(0).job);
  EXPECT_THAT(started(), ElementsAre("1"));
  ReadyPair moved = make_pair(1);
  moved.job = {"renamed", "1"};
  scheduler_.on_ready(moved, now_);
  scheduler_.on_looked_up(moved, {}, milliseconds(0), now_);
  scheduler_.on_all_found();
  EXPECT_THAT(started(), IsEmpty()) << "its turn has come, and its files are under way";
  EXPECT_EQ(scheduler_.stage_of(moved.job), JobStage::asked);
  scheduler_.on_ready(make_pair(2), now_);
  scheduler_.on_looked_up(make_pair(2), {}, milliseconds(0), now_);
  scheduler_.on_all_found();
  scheduler_.pump(now_);
  EXPECT_NE(scheduler_.stage_of(make_pair(2).job), JobStage::held);
}

}  // namespace
}  // namespace reeld
