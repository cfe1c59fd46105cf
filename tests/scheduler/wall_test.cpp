#include "scheduler/wall.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Ruling = Wall::Ruling;

class WallTest : public ::testing::Test {
 protected:
  static WallAnswer page(int status) {
    return {Verdict::account, About::either, std::to_string(status), "{}"};
  }
  static WallAnswer refusal(const std::string& text) { return {Verdict::refused, About::pair, text, "{}"}; }
  static WallAnswer accepted() { return {Verdict::accepted}; }
  static WallAnswer plain(Verdict verdict) { return {verdict}; }

  Wall::Outcome answer(const JobName& job, const WallAnswer& what) {
    return wall_.on_answer(job, what, now_);
  }
  /// That pair is chosen to ask with, and this is what it meets.
  Wall::Outcome probe(const JobName& job, const WallAnswer& what) {
    EXPECT_TRUE(wall_.is_due());
    wall_.on_choosing();
    EXPECT_FALSE(wall_.is_due());
    EXPECT_TRUE(wall_.on_chosen(job));
    EXPECT_FALSE(wall_.is_due());
    return answer(job, what);
  }
  void refuse_three() {
    answer(a_, refusal("x"));
    answer(b_, refusal("x"));
    EXPECT_FALSE(wall_.is_proving());
    const auto third = answer(c_, refusal("x"));
    EXPECT_EQ(third.ruling, Ruling::none) << "it gets its error file";
    EXPECT_TRUE(wall_.is_proving());
  }

  Wall wall_;
  SteadyTime now_{1000s};
  const JobName a_{"a", "1"}, b_{"b", "2"}, c_{"c", "3"}, d_{"d", "4"};
};

TEST_F(WallTest, APageIsProvenWithAnotherPair) {
  EXPECT_EQ(answer(a_, page(404)).ruling, Ruling::suspect);
  EXPECT_EQ(wall_.unlike().folder, "a");
  const auto proven = probe(b_, page(404));
  EXPECT_EQ(proven.ruling, Ruling::stands);
  EXPECT_FALSE(proven.is_refusal);
  EXPECT_THAT(proven.back, ElementsAre(a_));
  EXPECT_THAT(proven.own, IsEmpty());
  EXPECT_FALSE(wall_.is_proving());
  EXPECT_THAT(wall_.met(), UnorderedElementsAre(a_, b_));
}

TEST_F(WallTest, WhereAnotherIsAcceptedItWasThePairs) {
  answer(a_, page(404));
  const auto proven = probe(b_, accepted());
  EXPECT_EQ(proven.ruling, Ruling::none);
  EXPECT_THAT(proven.own, ElementsAre(a_));
  EXPECT_FALSE(wall_.is_proving());
}

TEST_F(WallTest, WhereAnotherIsRefusedOtherwiseItWasThePairs) {
  answer(a_, page(404));
  EXPECT_THAT(probe(b_, refusal("400 seconds")).own, ElementsAre(a_));
  answer(a_, page(404));
  EXPECT_THAT(probe(b_, {Verdict::refused, About::pair_alone, ""}).own, ElementsAre(a_));
}

/// Two servers behind one balancer, each with words of its own.
class TurnsOfWallsTest : public WallTest {
 protected:
  static JobName name(int number) { return {"n", std::to_string(number)}; }
  /// `count` refusals, each unlike the one before.
  void refuse_in_turns(int count) {
    for (int i = 0; i < count; ++i) {
      EXPECT_FALSE(wall_.is_proving()) << i;
      EXPECT_EQ(answer(name(i), refusal(i % 2 == 0 ? "400 x" : "400 y")).ruling, Ruling::none);
    }
  }
  std::vector<JobName> names(int count) {
    std::vector<JobName> out;
    for (int i = 0; i < count; ++i) out.push_back(name(i));
    return out;
  }
};

TEST_F(TurnsOfWallsTest, WithNothingAcceptedTheyAreOne) {
  refuse_in_turns(6);
  ASSERT_TRUE(wall_.is_proving());
  const auto proven = probe(a_, refusal("422 z"));
  EXPECT_EQ(proven.ruling, Ruling::stands);
  EXPECT_TRUE(proven.is_refusal);
  EXPECT_THAT(proven.withdrawn, ::testing::UnorderedElementsAreArray(names(6)));
  EXPECT_FALSE(wall_.is_proving());
  // The pause's probe is one more, in whatever words.
  EXPECT_EQ(answer(b_, refusal("400 x")).ruling, Ruling::stands);
  EXPECT_TRUE(wall_.stands_for("404 page"));
}

TEST_F(TurnsOfWallsTest, AnAcceptedPairShowsThatTheyAreNone) {
  refuse_in_turns(6);
  EXPECT_THAT(probe(a_, accepted()).withdrawn, IsEmpty());
  EXPECT_FALSE(wall_.is_proving());
  refuse_in_turns(11);
  EXPECT_FALSE(wall_.is_proving()) << "something was accepted since the start";
  wall_.reset();
  refuse_in_turns(6);
  EXPECT_TRUE(wall_.is_proving());
}

TEST_F(TurnsOfWallsTest, TwelveInARowAreOneWhateverWasAcceptedBefore) {
  answer(a_, accepted());
  refuse_in_turns(11);
  answer(a_, accepted());
  refuse_in_turns(12);
  ASSERT_TRUE(wall_.is_proving());
  EXPECT_THAT(probe(a_, refusal("422 z")).withdrawn, ::testing::UnorderedElementsAreArray(names(12)));
}

/// Its error file tells of what may be paid for by now.
TEST_F(TurnsOfWallsTest, WhatWasAnsweredSinceIsNotWithdrawn) {
  refuse_in_turns(6);
  wall_.give_up();
  answer(name(0), refusal("400 x"));
  answer(name(0), {Verdict::refused, About::pair_once, "200 failed"});
  for (int i = 1; i <= 5; ++i) answer(name(i), refusal(i % 2 == 0 ? "400 x" : "400 y"));
  ASSERT_TRUE(wall_.is_proving());
  const auto proven = probe(a_, refusal("422 z"));
  EXPECT_EQ(proven.ruling, Ruling::stands);
  EXPECT_THAT(proven.withdrawn, ::testing::Not(::testing::Contains(name(0))));
  EXPECT_EQ(proven.withdrawn.size(), 5U);
}

TEST_F(TurnsOfWallsTest, AChecksWordIsNone) {
  refuse_in_turns(6);
  const auto proven = probe(a_, {Verdict::refused, About::pair_alone, ""});
  EXPECT_EQ(proven.ruling, Ruling::none);
  EXPECT_THAT(proven.withdrawn, IsEmpty());
}

TEST_F(TurnsOfWallsTest, PagesTakeTurnsToo) {
  EXPECT_EQ(answer(name(0), page(404)).ruling, Ruling::suspect);
  for (int i = 1; i <= 6; ++i) {
    const auto next = probe(name(i), page(i % 2 == 0 ? 404 : 405));
    EXPECT_EQ(next.ruling, Ruling::suspect) << i;
    EXPECT_THAT(next.own, ElementsAre(name(i - 1)));
  }
  const auto proven = probe(name(7), page(405));
  EXPECT_EQ(proven.ruling, Ruling::stands);
  EXPECT_THAT(proven.back, ElementsAre(name(6)));
  EXPECT_THAT(proven.withdrawn, ::testing::UnorderedElementsAreArray(names(6)));
}

TEST_F(TurnsOfWallsTest, WhatMayBePaidForIsNotWithdrawn) {
  const auto paid = [](const char* text) {
    return WallAnswer{Verdict::refused, About::pair_once, text, "{}"};
  };
  for (int i = 0; i < 6; ++i) answer(name(i), paid(i % 2 == 0 ? "200 x" : "200 y"));
  ASSERT_TRUE(wall_.is_proving());
  const auto proven = probe(a_, paid("200 z"));
  EXPECT_EQ(proven.ruling, Ruling::paid);
  EXPECT_THAT(proven.withdrawn, IsEmpty());
}

TEST_F(WallTest, AnotherAnswerMakesAnotherSuspect) {
  answer(a_, page(404));
  const auto proven = probe(b_, page(403));
  EXPECT_EQ(proven.ruling, Ruling::suspect);
  EXPECT_THAT(proven.own, ElementsAre(a_));
  EXPECT_THAT(wall_.suspects(), ElementsAre(b_));
}

TEST_F(WallTest, WhatTellsNothingIsFollowedByAnotherProof) {
  for (const Verdict verdict : {Verdict::unsent, Verdict::throttled, Verdict::doubt}) {
    answer(a_, page(404));
    EXPECT_EQ(probe(b_, plain(verdict)).ruling, Ruling::none);
    EXPECT_TRUE(wall_.is_due()) << word_of(verdict);
    EXPECT_THAT(wall_.suspects(), ElementsAre(a_));
    EXPECT_EQ(probe(c_, page(404)).ruling, Ruling::stands);
    wall_.reset();
  }
  answer(a_, page(404));
  wall_.on_choosing();
  wall_.on_chosen(b_);
  wall_.on_dropped(b_);
  EXPECT_TRUE(wall_.is_due());
}

TEST_F(WallTest, WhatMayBePaidForPausesTheLaneAndIsNotWithdrawn) {
  const WallAnswer failure{Verdict::refused, About::pair_once, "x", "{}"};
  for (const JobName& job : {a_, b_, c_}) EXPECT_EQ(answer(job, failure).ruling, Ruling::none);
  const auto proven = probe(d_, failure);
  EXPECT_EQ(proven.ruling, Ruling::paid) << "it gets its error file, too";
  EXPECT_TRUE(proven.is_refusal);
  EXPECT_THAT(proven.withdrawn, IsEmpty());
  EXPECT_THAT(wall_.met(), IsEmpty()) << "none of them is to be sent again";
  const auto next = answer(a_, failure);
  EXPECT_EQ(next.ruling, Ruling::paid);
  EXPECT_TRUE(next.is_refusal);
}

TEST_F(WallTest, WhatIsFreeAndWhatMayBePaidForAreNotAlike) {
  const WallAnswer failure{Verdict::refused, About::pair_once, "x", "{}"};
  answer({"z", "0"}, accepted());
  answer(a_, failure);
  answer(b_, failure);
  answer(c_, refusal("x"));
  EXPECT_FALSE(wall_.is_proving());
  answer(a_, refusal("x"));
  answer(b_, refusal("x"));
  EXPECT_EQ(probe(d_, failure).ruling, Ruling::none) << "another answer, so that theirs were theirs";
  EXPECT_FALSE(wall_.is_proving());
}

TEST_F(WallTest, AKeyThatIsRefusedExplainsTheSuspectsToo) {
  answer(a_, page(404));
  const auto proven = probe(b_, plain(Verdict::account));
  EXPECT_EQ(proven.ruling, Ruling::none) << "the lane pauses by itself";
  EXPECT_THAT(proven.back, ElementsAre(a_));
  EXPECT_FALSE(wall_.is_proving());
}

TEST_F(WallTest, AnswersToWhatWasUnderWayProveNothing) {
  answer(a_, page(404));
  EXPECT_EQ(answer(b_, page(404)).ruling, Ruling::suspect);
  EXPECT_THAT(answer(c_, accepted()).own, IsEmpty());
  EXPECT_TRUE(wall_.is_proving());
  EXPECT_THAT(wall_.suspects(), ElementsAre(a_, b_));
  EXPECT_THAT(probe(d_, page(404)).back, ElementsAre(a_, b_));
}

TEST_F(WallTest, AnotherSuspectIsAnotherPair) {
  answer(a_, page(404));
  answer(b_, page(404));
  const auto proven = probe(b_, page(404));
  EXPECT_EQ(proven.ruling, Ruling::stands);
  EXPECT_THAT(proven.back, ElementsAre(a_));
}

TEST_F(WallTest, TheOnlyPairIsRefusedAtItsThirdLikeAnswer) {
  EXPECT_EQ(answer(a_, page(404)).ruling, Ruling::suspect);
  EXPECT_EQ(wall_.waits_until(), now_ + 1s);
  now_ += 1s;
  EXPECT_EQ(probe(a_, page(404)).ruling, Ruling::suspect);
  EXPECT_EQ(wall_.waits_until(), now_ + 1s);
  EXPECT_EQ(probe(a_, page(404)).ruling, Ruling::alone);
  EXPECT_FALSE(wall_.is_proving());
}

TEST_F(WallTest, TheOnlyPairsCountBeginsAnewWithAnotherAnswer) {
  answer(a_, page(404));
  probe(a_, page(404));
  EXPECT_EQ(probe(a_, page(502)).ruling, Ruling::suspect);
  EXPECT_EQ(probe(a_, page(502)).ruling, Ruling::suspect);
  EXPECT_EQ(probe(a_, page(502)).ruling, Ruling::alone);
  answer(a_, page(404));
  EXPECT_EQ(probe(a_, accepted()).ruling, Ruling::none);
  EXPECT_FALSE(wall_.is_proving());
}

TEST_F(WallTest, ThreeLikeRefusalsAreProvenAndTheirFilesWithdrawn) {
  refuse_three();
  EXPECT_THAT(wall_.suspects(), IsEmpty());
  const auto proven = probe(d_, refusal("x"));
  EXPECT_EQ(proven.ruling, Ruling::stands);
  EXPECT_TRUE(proven.is_refusal);
  EXPECT_THAT(proven.withdrawn, UnorderedElementsAre(a_, b_, c_));
  EXPECT_THAT(wall_.met(), UnorderedElementsAre(a_, b_, c_, d_));
  // The probe of the pause meets it again.
  const auto again = answer(a_, refusal("x"));
  EXPECT_EQ(again.ruling, Ruling::stands);
  EXPECT_TRUE(again.is_refusal);
  EXPECT_THAT(again.withdrawn, IsEmpty());
  wall_.on_resumed();
  EXPECT_THAT(wall_.met(), IsEmpty());
  EXPECT_EQ(answer(a_, refusal("x")).ruling, Ruling::none);
}

TEST_F(WallTest, ThreeRefusalsOfOneAuthorStopNobodyElse) {
  refuse_three();
  const auto proven = probe(d_, accepted());
  EXPECT_EQ(proven.ruling, Ruling::none);
  EXPECT_THAT(proven.withdrawn, IsEmpty());
  EXPECT_FALSE(wall_.is_proving());
  answer(a_, refusal("x"));
  answer(b_, refusal("x"));
  EXPECT_FALSE(wall_.is_proving()) << "counted anew";
}

TEST_F(WallTest, OnlyLikeRefusalsOfThreePairsWithNothingAcceptedBetweenCount) {
  answer(a_, refusal("x"));
  answer(b_, refusal("x"));
  answer(b_, refusal("x"));
  EXPECT_FALSE(wall_.is_proving()) << "two pairs";
  answer(c_, accepted());
  answer(c_, refusal("x"));
  EXPECT_FALSE(wall_.is_proving()) << "accepted between";
  answer(a_, refusal("y"));
  answer(b_, refusal("x"));
  answer(d_, refusal("x"));
  EXPECT_FALSE(wall_.is_proving()) << "another between";
  answer(a_, {Verdict::refused, About::pair_alone, ""});
  EXPECT_FALSE(wall_.is_proving()) << "a content check does not count";
  answer(c_, refusal("x"));
  EXPECT_TRUE(wall_.is_proving()) << "nor does it come between";
}

TEST_F(WallTest, WhereNoOtherPairComesARefusalIsOne) {
  refuse_three();
  EXPECT_EQ(wall_.waits_until(), now_ + 1s);
  wall_.give_up();
  EXPECT_FALSE(wall_.is_proving());
  answer(d_, refusal("x"));
  EXPECT_FALSE(wall_.is_proving());
}

TEST_F(WallTest, AnAcceptedAnswerEndsTheProofOfRefusals) {
  refuse_three();
  answer(d_, accepted());
  EXPECT_FALSE(wall_.is_proving());
}

TEST_F(WallTest, ASuspectThatIsGoneIsNoneAnyMore) {
  answer(a_, page(404));
  answer(b_, page(404));
  wall_.forget(a_);
  EXPECT_THAT(wall_.suspects(), ElementsAre(b_));
  wall_.forget(b_);
  EXPECT_FALSE(wall_.is_proving());
}

TEST_F(WallTest, WhoHasMetAFormerWallTellsNothingToEachOther) {
  answer(a_, page(404));
  probe(b_, page(404));
  answer(c_, accepted());
  wall_.on_resumed();
  answer(a_, page(404));
  EXPECT_FALSE(wall_.can_tell(b_)) << "it has met that before, and others were accepted since";
  EXPECT_TRUE(wall_.can_tell(c_));
  wall_.reset();
  answer(a_, page(403));
  EXPECT_TRUE(wall_.can_tell(b_)) << "this is another answer";
  wall_.reset();
  answer(a_, page(404));
  EXPECT_TRUE(wall_.can_tell(b_)) << "the operator has changed something";
}

TEST_F(WallTest, AReloadBeginsAnew) {
  answer(a_, page(404));
  EXPECT_THAT(wall_.reset(), ElementsAre(a_));
  EXPECT_FALSE(wall_.is_proving());
  answer(a_, page(404));
  probe(b_, page(404));
  wall_.reset();
  EXPECT_THAT(wall_.met(), IsEmpty());
}

TEST_F(WallTest, AChoiceThatCameTooLateIsNone) {
  answer(a_, page(404));
  wall_.on_choosing();
  wall_.reset();
  EXPECT_FALSE(wall_.on_chosen(b_));
  answer(a_, page(404));
  wall_.on_choosing();
  EXPECT_TRUE(wall_.on_chosen(b_));
  EXPECT_FALSE(wall_.on_chosen(c_)) << "one is under way";
  wall_.on_not_sent();
  EXPECT_TRUE(wall_.is_due());
}

}  // namespace
}  // namespace reeld
