#include "scheduler/wait_table.hpp"

#include <gmock/gmock.h>

#include <set>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(WaitTable, AnAgeGoesIntoTheColumnThatItHasNotOutgrown) {
  WaitTable table;
  for (const milliseconds age : {0ms, 9'999ms, 10'000ms, milliseconds(59min), milliseconds(24h - 1ms)})
    table.add(WaitReason::queued, age);
  table.add(WaitReason::queued, 24h);
  table.add(WaitReason::queued, -5s);  // a clock was set back
  EXPECT_THAT(table.row(WaitReason::queued), ElementsAre(3, 1, 0, 0, 1, 0, 1, 1));
  EXPECT_EQ(table.total(WaitReason::queued), 7U);
  EXPECT_EQ(table.total(WaitReason::half), 0U);
}

TEST(WaitTable, EveryReasonHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (const WaitReason reason : wait_reasons) words.insert(word_of(reason));
  EXPECT_EQ(words.size(), wait_reasons.size());
  EXPECT_FALSE(words.contains(""));
  EXPECT_EQ(word_of(WaitReason::throttled), "throttled");
  EXPECT_EQ(word_of(WaitReason::not_running), "not_running");
}

TEST(WaitTable, TheListOfReasonsIsInTheirOrder) {
  for (std::size_t i = 0; i < wait_reasons.size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(wait_reasons[i]), i);
}

}  // namespace
}  // namespace reeld
