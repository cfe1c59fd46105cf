#include "scheduler/held_masses.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SteadyTime start{};

MassRules ask_above(std::uint32_t number) {
  MassRules out;
  out.ask_above = number;
  return out;
}

Masses::Candidate make_pair(const std::string& stem, std::uint64_t arriving = 0) {
  return {{"a", stem}, false, arriving == 0, arriving};
}

TEST(HeldMasses, NothingIsSettledBeforeAllThatWasFoundIsKnown) {
  HeldMasses held(ask_above(1));
  EXPECT_TRUE(held.must_wait(make_pair("s")));
  EXPECT_THAT(held.settle(), IsEmpty());
  EXPECT_FALSE(held.has_settled());
  held.note_all_found();
  EXPECT_THAT(held.settle(), ElementsAre(JobName{"a", "s"}));
  EXPECT_TRUE(held.has_settled());
}

TEST(HeldMasses, AMassIsSaidOnceAndGoesWhenItIsReleased) {
  HeldMasses held(ask_above(1));
  held.must_wait(make_pair("s"));
  held.must_wait(make_pair("t"));
  held.note_all_found();
  EXPECT_THAT(held.settle(), IsEmpty());
  const MassNews news = held.take_news();
  EXPECT_EQ(news.held, 2U);
  EXPECT_THAT(news.where, ElementsAre(std::pair("a", 2U)));
  EXPECT_EQ(held.take_news().held, 0U);
  EXPECT_THAT(held.release(), ElementsAre(JobName{"a", "s"}, JobName{"a", "t"}));
  EXPECT_FALSE(held.must_wait(make_pair("s"))) << "a person has said that it may go";
  held.forget_release({"a", "s"});
}

TEST(HeldMasses, WhatArrivesOneByOneIsSaidWhenNoMoreHasComeForAWhile) {
  HeldMasses held(ask_above(1));
  EXPECT_FALSE(held.must_wait(make_pair("s", 7)));
  EXPECT_TRUE(held.must_wait(make_pair("t", 7)));
  held.note_arrivals(start);
  ASSERT_EQ(held.news_due(), start + std::chrono::seconds(2));
  EXPECT_TRUE(held.must_wait(make_pair("u", 7)));
  held.note_arrivals(start + std::chrono::seconds(1));
  ASSERT_EQ(held.news_due(), start + std::chrono::seconds(3));
  held.note_arrivals(start + std::chrono::seconds(3));
  EXPECT_EQ(held.news_due(), std::nullopt);
  EXPECT_EQ(held.take_news().held, 2U);
}

TEST(HeldMasses, IntakeThatBeginsAnewGathersAnew) {
  HeldMasses held(ask_above(1));
  held.note_all_found();
  held.settle();
  held.begin_anew();
  EXPECT_FALSE(held.has_settled());
  EXPECT_THAT(held.settle(), IsEmpty());
}

}  // namespace
}  // namespace reeld
