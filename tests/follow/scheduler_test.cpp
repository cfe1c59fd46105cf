#include "follow/scheduler.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Event = FollowEvent::Kind;
using Kind = FollowOrder::Kind;

/// A scheduler with a clock that only moves when told to, and whoever carries its orders out at once.
class FollowSchedulerTest : public testing::Test {
 protected:
  FollowRules rules_;
  FollowScheduler scheduler_{rules_};
  SteadyTime now_{1h};
  std::vector<FollowOrder> said_;

  void SetUp() override { scheduler_.set_key(1, true); }

  void add(FollowId id, FollowAccount account = 1, Event answer = Event::running, FollowLinks links = {}) {
    scheduler_.add(id, account, begin_following({.kind = answer, .links = links}, rules_, now_, now_, 0.5),
                   {});
  }
  /// What goes out now; what is to be performed is performed.
  std::vector<FollowId> pump(Kind kind) {
    std::vector<FollowId> out;
    for (bool is_more = true; is_more;) {
      is_more = false;
      scheduler_.pump(now_);
      for (FollowOrder& order : scheduler_.take_orders()) {
        if (order.kind == Kind::perform) {
          performed_.push_back(order);
          scheduler_.on_performed(order.id);
          is_more = true;
        } else if (order.kind == Kind::say) {
          said_.push_back(order);
        } else if (order.kind == kind) {
          out.push_back(order.id);
        } else {
          others_.push_back(order.id);
        }
      }
    }
    return out;
  }
  std::vector<FollowId> poll() { return pump(Kind::poll); }
  std::vector<FollowId> download() { return pump(Kind::download); }
  void answer(FollowId id, PollVerdict verdict) { scheduler_.on_poll_ended(id, verdict, now_, 0.5); }
  void answer(FollowId id, Event event, PaceNews pace = PaceNews::fine,
              std::optional<milliseconds> wait = {}) {
    PollVerdict verdict;
    verdict.event.kind = event;
    verdict.event.wait = wait;
    verdict.pace = pace;
    verdict.wait = wait;
    answer(id, verdict);
  }
  void end_download(FollowId id, Event event, PaceNews pace = PaceNews::fine) {
    scheduler_.on_download_ended(id, {{.kind = event}, pace, {}}, now_, 0.5);
  }
  void pass(milliseconds time) { now_ += time; }

  std::vector<FollowOrder> performed_;
  std::vector<FollowId> others_;
};

TEST_F(FollowSchedulerTest, PollsWhenItIsTimeAndWakesForThat) {
  add(7);
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_EQ(scheduler_.wake_at(), now_ + 15s);
  pass(15s);
  EXPECT_THAT(poll(), ElementsAre(7));
  EXPECT_EQ(scheduler_.wake_at(), std::nullopt);
  EXPECT_EQ(scheduler_.count(FollowStage::polling), 1U);
  answer(7, Event::running, PaceNews::fine, 40s);
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_EQ(scheduler_.wake_at(), now_ + 40s);
  answer(7, Event::running);
  EXPECT_EQ(scheduler_.polls_in_flight(), 0U) << "what comes too late changes nothing";
}

TEST_F(FollowSchedulerTest, PollsFourAtOnceAndTheLongestDueFirst) {
  for (FollowId id = 10; id > 0; --id) {
    add(id);
    pass(1ms);
  }
  pass(1min);
  EXPECT_THAT(poll(), ElementsAre(10, 9, 8, 7));
  answer(8, Event::running);
  answer(10, Event::running);
  EXPECT_THAT(poll(), ElementsAre(6, 5));
}

TEST_F(FollowSchedulerTest, AFirstAnswerThatSaysCompletedIsDownloadedAtOnce) {
  add(1, 1, Event::completed);
  EXPECT_THAT(download(), ElementsAre(1));
  EXPECT_THAT(others_, IsEmpty());
  end_download(1, Event::whole);
  scheduler_.pump(now_);
  const auto orders = scheduler_.take_orders();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].actions.back().kind, FollowAction::Kind::place);
  scheduler_.on_performed(1);
  EXPECT_EQ(scheduler_.count(FollowStage::placing), 1U) << "a place ends by its outcome";
  scheduler_.on_placed(1, Event::placed, now_, 0.5);
  EXPECT_THAT(download(), IsEmpty());
  EXPECT_EQ(performed_.back().job.stage, FollowStage::done);
  EXPECT_EQ(scheduler_.size(), 0U) << "an end is forgotten";
}

TEST_F(FollowSchedulerTest, TakesNoTurnWhileSomethingIsBeingDoneForIt) {
  add(1);
  pass(15s);
  poll();
  answer(1, {{.kind = Event::running, .is_newer = true}, PaceNews::fine, {}, true});
  pass(1h);
  scheduler_.pump(now_);
  auto orders = scheduler_.take_orders();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].kind, Kind::perform);
  EXPECT_FALSE(scheduler_.take_up(1, 1, {}, now_));
  scheduler_.pump(now_);
  EXPECT_THAT(scheduler_.take_orders(), IsEmpty());
  scheduler_.on_performed(1);
  EXPECT_THAT(poll(), ElementsAre(1));
}

TEST_F(FollowSchedulerTest, DownloadsHaveLimitsOfTheirOwn) {
  for (FollowId id = 1; id <= 6; ++id) add(id, 1, Event::completed);
  for (FollowId id = 7; id <= 12; ++id) add(id);
  EXPECT_THAT(download(), ElementsAre(1, 2, 3, 4));
  pass(1min);
  EXPECT_THAT(poll(), ElementsAre(7, 8, 9, 10)) << "slow downloads hold up no poll";
  end_download(2, Event::cut);
  EXPECT_THAT(download(), ElementsAre(5));
}

TEST_F(FollowSchedulerTest, AThrottledPollSlowsPollsAlone) {
  add(1);
  add(2);
  add(3, 1, Event::completed);
  add(4, 1, Event::completed);
  pass(20s);
  EXPECT_THAT(poll(), ElementsAre(1, 2));
  answer(1, Event::postponed, PaceNews::throttled, 60s);
  answer(2, Event::running);
  end_download(3, Event::cut);
  pass(30s);
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_EQ(scheduler_.find(3)->stage, FollowStage::downloading);
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_EQ(said_[0].change.why, PaceNews::throttled);
  EXPECT_FALSE(said_[0].is_of_downloads);
  EXPECT_EQ(scheduler_.wake_at(), now_ + 30s);
  pass(30s);
  EXPECT_THAT(poll(), ElementsAre(2)) << "one request decides";
}

TEST_F(FollowSchedulerTest, AnAccountsPauseEndsNoJobAndHoldsUpNoOther) {
  scheduler_.set_key(2, true);
  for (FollowId id = 1; id <= 3; ++id) add(id, 1);
  add(9, 2);
  pass(15s);
  EXPECT_THAT(poll(), testing::UnorderedElementsAre(1, 2, 3, 9));
  answer(9, Event::running);
  answer(1, Event::postponed, PaceNews::account);
  answer(2, Event::postponed, PaceNews::account);
  answer(3, Event::postponed, PaceNews::account);
  pass(1s);
  EXPECT_THAT(poll(), IsEmpty());
  pass(15s);
  auto polled = poll();
  EXPECT_THAT(polled, testing::UnorderedElementsAre(1, 9)) << "one of the account, to tell";
  answer(1, Event::postponed, PaceNews::account);
  answer(9, Event::running);
  EXPECT_EQ(scheduler_.poll_pause(1), PaceNews::account);
  pass(3h);
  EXPECT_THAT(poll(), testing::UnorderedElementsAre(2, 9));
  EXPECT_EQ(scheduler_.count(FollowStage::expired), 0U);
  scheduler_.probe_now(1);
  answer(2, Event::completed);
  poll();
  EXPECT_EQ(scheduler_.poll_pause(1), PaceNews::account) << "it was asked before the key was changed";
  EXPECT_THAT(others_, ElementsAre(2));
}

TEST_F(FollowSchedulerTest, WithoutItsKeyAnAccountWaitsAndItsLinksDoNot) {
  add(1, 5);
  add(2, 5, Event::completed, {1, 0, 0});
  pass(1min);
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_EQ(scheduler_.wake_at(), std::nullopt);
  scheduler_.set_key(5, true);
  EXPECT_THAT(download(), ElementsAre(2));
  EXPECT_THAT(others_, ElementsAre(1));
  scheduler_.set_key(5, false);
  end_download(2, Event::gone);
  EXPECT_THAT(download(), ElementsAre(2)) << "a link needs no key";
}

TEST_F(FollowSchedulerTest, AServerThatDoesNotAnswerHoldsUpItsOwnAlone) {
  scheduler_.set_key(2, true);
  for (FollowId id = 1; id <= 20; ++id) add(id, 1);
  pass(10s);
  add(30, 2);
  pass(5s);
  EXPECT_THAT(poll(), ElementsAre(1, 2, 3)) << "one is kept for the other account";
  pass(10s);
  EXPECT_THAT(poll(), ElementsAre(30));
}

TEST_F(FollowSchedulerTest, AFullDiskHoldsDownloadsAndNoPoll) {
  scheduler_.hold_downloads(true);
  add(1, 1, Event::completed);
  add(2);
  pass(15s);
  EXPECT_THAT(poll(), ElementsAre(2));
  scheduler_.hold_downloads(false);
  EXPECT_THAT(download(), ElementsAre(1));
}

TEST_F(FollowSchedulerTest, TakesUpWhatHasEndedAndWhatWaits) {
  FollowedJob ended;
  ended.stage = FollowStage::expired;
  ended.end = FollowEnd::deadline;
  EXPECT_TRUE(scheduler_.take_up(1, 1, ended, now_));
  EXPECT_THAT(poll(), ElementsAre(1));
  ASSERT_EQ(performed_.size(), 1U);
  EXPECT_TRUE(performed_[0].job.has_error_file);
  add(2);
  EXPECT_TRUE(scheduler_.take_up(2, 1, {}, now_));
  EXPECT_THAT(poll(), ElementsAre(2)) << "it is polled at once";
}

TEST_F(FollowSchedulerTest, ARemovedJobGoesOnceNothingOfItIsUnderWay) {
  add(1);
  add(2);
  pass(15s);
  scheduler_.remove(2);
  EXPECT_EQ(scheduler_.size(), 1U);
  EXPECT_THAT(poll(), ElementsAre(1));
  scheduler_.remove(1);
  EXPECT_EQ(scheduler_.polls_in_flight(), 1U);
  answer(1, Event::completed);
  EXPECT_THAT(download(), IsEmpty());
  EXPECT_EQ(scheduler_.size(), 0U);
  EXPECT_EQ(scheduler_.polls_in_flight(), 0U);
}

TEST_F(FollowSchedulerTest, AfterTheCloseNothingStarts) {
  add(1);
  add(2, 1, Event::completed);
  pass(1min);
  scheduler_.close();
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_EQ(scheduler_.wake_at(), std::nullopt);
}

TEST_F(FollowSchedulerTest, AStartPlacesWhatWasWhole) {
  FollowedJob whole;
  whole.stage = FollowStage::placing;
  whole.is_completed = true;
  whole.left = rules_.variants;
  resume_following(whole, now_);
  scheduler_.add(1, 1, whole, {});
  const auto orders = scheduler_.take_orders();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].actions.back().kind, FollowAction::Kind::place);
}

TEST_F(FollowSchedulerTest, TenThousandJobsHaveTheirTurnsAndOneTimer) {
  constexpr FollowId jobs = 10'000;
  rules_.deadline = 1000h;
  for (FollowId id = 1; id <= jobs; ++id) add(id);
  static_assert(sizeof(FollowedJob) <= 128);
  pass(1min);
  std::vector<int> turns(jobs + 1);
  for (int polls = 0; polls < 2 * jobs;) {
    const auto due = poll();
    ASSERT_FALSE(due.empty());
    pass(1ms);
    for (const FollowId id : due) {
      ++turns[static_cast<std::size_t>(id)];
      ++polls;
      answer(id, Event::running);
    }
    pass(15s);
  }
  for (FollowId id = 1; id <= jobs; ++id) ASSERT_EQ(turns[static_cast<std::size_t>(id)], 2) << id;
}

}  // namespace
}  // namespace reeld
