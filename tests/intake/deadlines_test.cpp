#include "intake/deadlines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reeld {
namespace {

const SteadyTime start{std::chrono::hours(1)};
const JobName a{"", "a"};
const JobName b{"f", "b"};

TEST(DeadlinesOfStems, AreTakenInOrderWhenDue) {
  Deadlines deadlines;
  EXPECT_FALSE(deadlines.earliest());
  deadlines.set(a, start + seconds(2));
  deadlines.set(b, start + seconds(1));
  EXPECT_EQ(deadlines.earliest(), start + seconds(1));
  EXPECT_THAT(deadlines.take_due(start), testing::IsEmpty());
  EXPECT_THAT(deadlines.take_due(start + seconds(2)), testing::ElementsAre(b, a));
  EXPECT_FALSE(deadlines.earliest());
}

TEST(DeadlinesOfStems, AreReplacedOrOnlyMadeEarlier) {
  Deadlines deadlines;
  deadlines.set(a, start + seconds(1));
  deadlines.set(a, start + seconds(5));
  EXPECT_EQ(deadlines.earliest(), start + seconds(5));
  deadlines.set_earlier(a, start + seconds(9));
  EXPECT_EQ(deadlines.earliest(), start + seconds(5));
  deadlines.set_earlier(a, start + seconds(3));
  EXPECT_THAT(deadlines.take_due(start + seconds(3)), testing::ElementsAre(a));
  EXPECT_FALSE(deadlines.earliest());
}

TEST(DeadlinesOfStems, AreDropped) {
  Deadlines deadlines;
  deadlines.drop(a);
  deadlines.set(a, start);
  deadlines.set(b, start);
  deadlines.drop(a);
  EXPECT_THAT(deadlines.take_due(start), testing::ElementsAre(b));
  deadlines.set(a, start);
  deadlines.clear();
  EXPECT_THAT(deadlines.take_due(start), testing::IsEmpty());
}

}  // namespace
}  // namespace reeld
