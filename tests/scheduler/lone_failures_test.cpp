#include "scheduler/lone_failures.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;

const JobName odd{"a", "odd"};
const JobName other{"a", "other"};

TEST(LoneFailures, TheFirstTwoMayBeTheApis) {
  LoneFailures failures;
  EXPECT_FALSE(failures.on_failed(odd));
  EXPECT_FALSE(failures.on_failed(odd));
  EXPECT_TRUE(failures.on_failed(odd));
  EXPECT_TRUE(failures.on_failed(odd));
}

TEST(LoneFailures, ItStaysAloneWhileOthersAreRead) {
  LoneFailures failures;
  for (int i = 0; i < 3; ++i) failures.on_failed(odd);
  failures.on_read(other);
  EXPECT_TRUE(failures.on_failed(odd));
}

TEST(LoneFailures, WhereAnotherMeetsItTooItIsTheApi) {
  LoneFailures failures;
  for (int i = 0; i < 3; ++i) failures.on_failed(odd);
  EXPECT_FALSE(failures.on_failed(other));
  EXPECT_FALSE(failures.on_failed(odd));
  failures.on_read({"a", "third"});
  EXPECT_TRUE(failures.on_failed(odd)) << "the API is well again";
}

TEST(LoneFailures, OneThatIsReadBeginsAnew) {
  LoneFailures failures;
  for (int i = 0; i < 3; ++i) failures.on_failed(odd);
  failures.on_read(odd);
  EXPECT_FALSE(failures.on_failed(odd));
}

TEST(LoneFailures, OneThatIsGoneSpeaksForNobody) {
  LoneFailures failures;
  for (int i = 0; i < 3; ++i) failures.on_failed(other);
  failures.forget(other);
  for (int i = 0; i < 2; ++i) failures.on_failed(odd);
  EXPECT_TRUE(failures.on_failed(odd));
  EXPECT_FALSE(failures.on_failed(other)) << "it is counted from the beginning";
}

TEST(LoneFailures, ThePauseGrows) {
  LoneFailures failures;
  for (int i = 0; i < 3; ++i) failures.on_failed(odd);
  EXPECT_EQ(failures.pause(odd, 1s, 300s, 0.0), 500ms);
  EXPECT_EQ(failures.pause(odd, 1s, 300s, 1.0), 1s);
  failures.on_failed(odd);
  EXPECT_EQ(failures.pause(odd, 1s, 300s, 1.0), 2s);
  for (int i = 0; i < 20; ++i) failures.on_failed(odd);
  EXPECT_EQ(failures.pause(odd, 1s, 300s, 1.0), 300s);
}

}  // namespace
}  // namespace reeld
