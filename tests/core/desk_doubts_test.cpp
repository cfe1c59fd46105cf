// Desk: doubts that are to be repeated, once.

#include "core/desk_fixture.hpp"

namespace reeld {
namespace {

class DeskRepeatTest : public DeskTest {
 protected:
  DeskRepeatTest() {
    rules_.repeats_doubts = true;
    desk_.change_rules(limits_, rules_, now_);
  }
  void reach_repeat() {
    begin(s_);
    end(s_, Verdict::doubt);
    EXPECT_THAT(orders(), ElementsAre("record s"));
    now_ += limits_.doubt_pause;
    EXPECT_THAT(orders(), ElementsAre("start s again"));
  }
};

TEST_F(DeskRepeatTest, ADoubtIsRepeatedOnceAndThenHeld) {
  reach_repeat();
  end(s_, Verdict::doubt);
  EXPECT_THAT(orders(), ElementsAre("record s", "publish s doubt"));
}

TEST_F(DeskRepeatTest, ARepeatThatWasNotSentIsStillTheOneRepeat) {
  reach_repeat();
  end(s_, Verdict::unsent, false);
  now_ += 10min;
  EXPECT_THAT(orders(), ElementsAre("start s again"));
  end(s_, Verdict::refused);
  EXPECT_THAT(orders(), ElementsAre("record s", "publish s doubt"))
      << "whether the first came through nobody knows";
}

TEST_F(DeskRepeatTest, AnAcceptedRepeatSettlesIt) {
  reach_repeat();
  end(s_, Verdict::accepted);
  EXPECT_THAT(orders(), ElementsAre("record s", "publish s accepted"));
}

TEST_F(DeskRepeatTest, WhoseFilesGoBeforeTheRepeatIsHeld) {
  begin(s_);
  end(s_, Verdict::doubt);
  orders();
  desk_.on_gone(s_.job);
  EXPECT_THAT(orders(), ElementsAre("publish s doubt"));
  desk_.on_published(s_.job);
  EXPECT_THAT(orders(), ElementsAre("forget s"));
}

TEST_F(DeskRepeatTest, ANewWordHoldsWhatWasToBeRepeated) {
  begin(s_);
  end(s_, Verdict::doubt);
  orders();
  desk_.change_rules(limits_, DeskRules{}, now_);
  EXPECT_THAT(orders(), ElementsAre("publish s doubt"));
}

TEST_F(DeskRepeatTest, APersonsWordGoesBeforeTheRepeat) {
  begin(s_);
  end(s_, Verdict::doubt);
  orders();
  desk_.on_ready(s_, now_);  // `reeld resolve --not-accepted` has asked for a look
  EXPECT_THAT(orders(), ElementsAre("look_up s"));
  look_up(s_, make_known(s_, LedgerState::unsent));
  EXPECT_THAT(orders(), ElementsAre("start s")) << "not as a repeat";
}

TEST_F(DeskRepeatTest, ALookThatFindsTheDoubtStillThereChangesNothing) {
  begin(s_);
  end(s_, Verdict::doubt);
  orders();
  desk_.on_ready(s_, now_);
  KnownJob known = make_known(s_, LedgerState::doubt);
  known.repeat_at = SystemTime{};
  look_up(s_, known, limits_.doubt_pause);
  EXPECT_THAT(orders(), ElementsAre("look_up s"));
  now_ += limits_.doubt_pause;
  EXPECT_THAT(orders(), ElementsAre("start s again"));
}

TEST_F(DeskRepeatTest, WhenIntakeBeginsAnewARepeatStaysAndWhatWaitsGoes) {
  begin(s_);
  end(s_, Verdict::doubt);
  const ReadyPair waiting = make_pair("w", 30);
  make_ready(waiting);
  orders();  // it is sent
  const ReadyPair later = make_pair("x", 50);
  desk_.on_ready(later, now_);
  desk_.drop_waiting();
  EXPECT_TRUE(desk_.contains(s_.job));
  EXPECT_TRUE(desk_.contains(waiting.job)) << "it is under way";
  EXPECT_FALSE(desk_.contains(later.job));
  EXPECT_EQ(desk_.waiting(), 1U);
  orders();
  end(waiting, Verdict::unsent, false);
  EXPECT_THAT(orders(), ElementsAre("look_again w")) << "perhaps it is not of the spool any more";
}

TEST_F(DeskTest, AResultGivesWayToAPersonsWord) {
  begin(s_);
  EXPECT_FALSE(desk_.is_superseded(s_.job));
  desk_.on_ready(s_, now_);
  EXPECT_TRUE(desk_.is_superseded(s_.job));
}

TEST_F(DeskRepeatTest, ARepeatThatWasDueBeforeTheRestartIsStillDue) {
  KnownJob known = make_known(s_, LedgerState::doubt);
  known.repeat_at = SystemTime{};
  desk_.on_ready(s_, now_);
  look_up(s_, known, 30s);
  EXPECT_THAT(orders(), ElementsAre("look_up s"));
  now_ += 30s;
  EXPECT_THAT(orders(), ElementsAre("start s again"));
}

TEST_F(DeskTest, ARepeatIsHeldWhereTheRulesNoLongerWantIt) {
  KnownJob known = make_known(s_, LedgerState::doubt);
  known.repeat_at = SystemTime{};
  make_ready(s_, known);
  EXPECT_THAT(orders(), ElementsAre("look_up s", "move_result s"));
}

}  // namespace
}  // namespace reeld
