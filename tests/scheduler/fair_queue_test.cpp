#include "scheduler/fair_queue.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> take_all(FairQueue& turns) {
  std::vector<std::string> out;
  while (auto job = turns.take()) out.push_back(job->text());
  return out;
}

TEST(FairQueue, OldestFirstWithinAFolder) {
  FairQueue turns;
  turns.add({"", "new"}, 30);
  turns.add({"", "old"}, 10);
  turns.add({"", "middle"}, 20);
  turns.add({"", "same age, later"}, 20);
  EXPECT_THAT(take_all(turns), ElementsAre("old", "middle", "same age, later", "new"));
}

TEST(FairQueue, FoldersTakeTurns) {
  FairQueue turns;
  for (int i = 0; i < 3; ++i) turns.add({"many", std::to_string(i)}, i);
  turns.add({"few", "a"}, 100);
  EXPECT_THAT(take_all(turns), ElementsAre("many/0", "few/a", "many/1", "many/2"));
}

TEST(FairQueue, OthersGoFirstAndFoldersStillTakeTurns) {
  FairQueue turns;
  for (int i = 0; i < 3; ++i) turns.add({"many", std::to_string(i)}, i);
  turns.add({"few", "a"}, 100);
  const std::set<JobName> met{{"many", "0"}};
  std::vector<std::string> taken;
  while (auto job = turns.take_other_than(met)) taken.push_back(job->text());
  EXPECT_THAT(taken, ElementsAre("many/1", "few/a", "many/2", "many/0"))
      << "it comes where there is no other";
  for (int i = 0; i < 3; ++i) turns.add({"many", std::to_string(i)}, i);
  turns.add({"few", "a"}, 100);
  taken.clear();
  while (auto job = turns.take_other_than({})) taken.push_back(job->text());
  EXPECT_THAT(taken, ElementsAre("many/0", "few/a", "many/1", "many/2"));
}

TEST(FairQueue, ListsOneOfEachFolderAfterTheOther) {
  FairQueue turns;
  for (int i = 0; i < 3; ++i) turns.add({"many", std::to_string(i)}, i);
  turns.add({"few", "a"}, 100);
  const auto text = [](const std::vector<JobName>& list) {
    std::vector<std::string> out;
    for (const JobName& job : list) out.push_back(job.text());
    return out;
  };
  EXPECT_THAT(text(turns.list(10)), ElementsAre("many/0", "few/a", "many/1", "many/2"));
  EXPECT_THAT(text(turns.list(3)), ElementsAre("many/0", "few/a", "many/1"));
  EXPECT_EQ(turns.size(), 4U) << "they go on waiting";
}

TEST(FairQueue, AFolderThatComesBackAgainAndAgainStarvesNobody) {
  FairQueue turns;
  for (int i = 0; i < 100; ++i) turns.add({"many", std::to_string(i)}, i);
  int of_many = 0;
  for (int i = 0; i < 100; ++i) {
    turns.add({"drip", std::to_string(i)}, 1000 + i);
    if (turns.take()->folder == "many") ++of_many;
  }
  EXPECT_GE(of_many, 49);
}

TEST(FairQueue, AJobThatWaitsIsNotAddedTwice) {
  FairQueue turns;
  turns.add({"", "a"}, 1);
  turns.add({"", "a"}, 2);
  EXPECT_EQ(turns.size(), 1U);
  EXPECT_THAT(take_all(turns), ElementsAre("a"));
}

TEST(FairQueue, PutLastComesBehindWhatWaits) {
  FairQueue turns;
  turns.add({"", "young"}, 1000);
  turns.add_last({"", "stuck"});
  turns.add_last({"", "stuck later"});
  turns.add({"", "younger"}, 2000);
  EXPECT_THAT(take_all(turns), ElementsAre("young", "younger", "stuck", "stuck later"));
}

TEST(FairQueue, RemovesWhatWaits) {
  FairQueue turns;
  turns.add({"f", "a"}, 1);
  turns.add({"f", "b"}, 2);
  EXPECT_TRUE(turns.remove({"f", "a"}));
  EXPECT_FALSE(turns.remove({"f", "a"}));
  EXPECT_THAT(take_all(turns), ElementsAre("f/b"));
  EXPECT_FALSE(turns.take().has_value());
}

}  // namespace
}  // namespace reeld
