#include "intake/stems.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

const SteadyTime start{std::chrono::hours(1)};

StemReport make_report(FileIdentity prompt, FileIdentity image) {
  StemReport report;
  report.files = {{"a.txt", true, prompt, false, Writers::none},
                  {"a.png", false, image, false, Writers::some}};
  return report;
}

TEST(MergeReport, TakesWhatIsThereAndKeepsItsHistory) {
  TrackedStem stem;
  obtain_file(stem, "a.txt", true).evidence = Evidence::arrived;
  obtain_file(stem, "a.jpg", false);
  merge_report(stem, make_report({1, 2, 3, 4}, {1, 3, 3, 4}), start, false);
  ASSERT_EQ(stem.files.size(), 2u);
  EXPECT_EQ(stem.files[0].evidence, Evidence::arrived);
  EXPECT_EQ(stem.files[1].name, "a.png");
  EXPECT_EQ(stem.files[1].writers, Writers::some);
  merge_report(stem, make_report({1, 2, 3, 4}, {1, 3, 3, 4}), start + seconds(5), false);
  EXPECT_EQ(stem.files[0].still_since, start);
  EXPECT_EQ(stem.files[0].looks, 2u);
}

TEST(MergeReport, TakesAChangeWithoutAnEventForWriting) {
  TrackedStem stem;
  merge_report(stem, make_report({1, 2, 3, 4}, {1, 3, 3, 4}), start, false);
  merge_report(stem, make_report({1, 2, 9, 4}, {1, 8, 3, 4}), start + seconds(1), false);
  EXPECT_EQ(stem.files[0].evidence, Evidence::created);  // the same file grew
  EXPECT_EQ(stem.files[1].evidence, Evidence::found);    // another file took the name
  EXPECT_EQ(stem.files[0].still_since, start + seconds(1));
}

TEST(MergeReport, TakesNewTimesForATouchWhereAnEventSaysSo) {
  TrackedStem stem;
  obtain_file(stem, "a.txt", true).evidence = Evidence::arrived;
  merge_report(stem, make_report({1, 2, 3, 4}, {1, 3, 3, 4}), start, false);
  merge_report(stem, make_report({1, 2, 3, 9}, {1, 3, 3, 4}), start + seconds(1), true);
  EXPECT_EQ(stem.files[0].evidence, Evidence::arrived);
  EXPECT_EQ(stem.files[0].still_since, start);
  EXPECT_EQ(stem.files[0].seen->mtime_ns, 9);
}

TEST(MergeReport, TakesNewTimesForWritingUntilTheEventOfATouchComes) {
  TrackedStem stem;
  obtain_file(stem, "a.txt", true).evidence = Evidence::arrived;
  merge_report(stem, make_report({1, 2, 3, 4}, {1, 3, 3, 4}), start, false);
  merge_report(stem, make_report({1, 2, 3, 9}, {1, 3, 3, 4}), start + seconds(1), false);
  EXPECT_EQ(stem.files[0].evidence, Evidence::created);
  note_touch(stem, "a.png");
  EXPECT_EQ(stem.files[0].evidence, Evidence::created);
  note_touch(stem, "a.txt");
  EXPECT_EQ(stem.files[0].evidence, Evidence::arrived);
  EXPECT_TRUE(stem.was_touched);
}

TEST(MergeReport, TakesAChangeAfterAnEventForWhatTheEventSaid) {
  TrackedStem stem;
  merge_report(stem, make_report({1, 2, 3, 4}, {1, 3, 3, 4}), start, false);
  restart_history(stem.files[0], Evidence::arrived);
  merge_report(stem, make_report({1, 2, 9, 4}, {1, 3, 3, 4}), start + seconds(1), false);
  EXPECT_EQ(stem.files[0].evidence, Evidence::arrived);
  EXPECT_EQ(stem.files[0].looks, 1u);
}

TEST(GatherFacts, AreOfBothFiles) {
  TrackedStem stem;
  auto report = make_report({1, 2, 3, 4}, {1, 3, 7, 4});
  report.image_check = ImageCheck::complete;
  merge_report(stem, report, start, false);
  const auto facts = gather_facts(stem, report);
  EXPECT_EQ(facts.prompt.size, 3u);
  EXPECT_EQ(facts.image.size, 7u);
  EXPECT_EQ(facts.image.writers, Writers::some);
  EXPECT_EQ(facts.image_check, ImageCheck::complete);
}

TEST(Summarize, CountsPromptsAndImages) {
  TrackedStem stem;
  obtain_file(stem, "a.txt", true);
  obtain_file(stem, "a.txt", true);
  obtain_file(stem, "a.png", false);
  const auto contents = summarize(stem, "a");
  EXPECT_EQ(contents.prompts, 1u);
  EXPECT_EQ(contents.images, 1u);
  EXPECT_FALSE(summarize(stem, std::string(250, 'x')).is_nameable);
}

TEST(StemTables, CountPhasesAndDebts) {
  StemTable table;
  const JobName job{"f", "a"};
  auto& stem = table.obtain(job);
  table.set_phase(stem, StemPhase::half, start);
  table.set_awaited(stem, true);
  table.set_awaited(stem, true);
  EXPECT_EQ(table.counts().half, 1u);
  EXPECT_EQ(table.awaited(), 1u);
  table.set_phase(stem, StemPhase::waiting, start);
  EXPECT_EQ(table.counts().half, 0u);
  EXPECT_EQ(table.counts().incomplete, 1u);
  table.erase(job);
  EXPECT_EQ(table.counts().incomplete, 0u);
  EXPECT_EQ(table.awaited(), 0u);
  EXPECT_EQ(table.find(job), nullptr);
}

TEST(StemTables, SayWhenManyAreOwedAndWhenHalfOfThemAreNot) {
  std::vector<bool> said;
  StemTable table([&](bool are_many) { said.push_back(are_many); });
  std::vector<JobName> jobs;
  for (std::size_t n = 0; n <= StemTable::many_awaited; ++n) jobs.push_back({"f", std::to_string(n)});
  for (const auto& job : jobs) table.set_awaited(table.obtain(job), true);
  EXPECT_THAT(said, ElementsAre(true));
  while (jobs.size() >= StemTable::many_awaited / 2) {
    EXPECT_THAT(said, ElementsAre(true)) << jobs.size();
    table.erase(jobs.back());
    jobs.pop_back();
  }
  EXPECT_THAT(said, ElementsAre(true, false));
}

TEST(StemTables, ForgetWhoMadeWhatWhenEventsWereLost) {
  StemTable table;
  auto& file = obtain_file(table.obtain({"f", "a"}), "a.txt", true);
  file.is_made = true;
  table.forget_makers();
  EXPECT_FALSE(file.is_made);
}

TEST(StemTables, ListWhatWaitsForItsFolder) {
  StemTable table;
  table.set_phase(table.obtain({"f", "a"}), StemPhase::unwritable, start);
  table.set_phase(table.obtain({"f", "b"}), StemPhase::half, start);
  table.set_phase(table.obtain({"f/g", "c"}), StemPhase::unwritable, start);
  EXPECT_THAT(table.list_unwritable("f"), ElementsAre(JobName{"f", "a"}));
  EXPECT_THAT(table.list_unwritable("h"), ElementsAre());
  EXPECT_EQ(table.counts().unwritable, 2u);
}

TEST(StemTables, RememberWhenAPhaseBegan) {
  StemTable table;
  auto& stem = table.obtain({"", "a"});
  table.set_phase(stem, StemPhase::half, start);
  stem.has_said_phase = true;
  table.set_phase(stem, StemPhase::half, start + seconds(1));
  EXPECT_EQ(stem.phase_since, start);
  EXPECT_TRUE(stem.has_said_phase);
  table.set_phase(stem, StemPhase::ambiguous, start + seconds(1));
  EXPECT_FALSE(stem.has_said_phase);
}

TEST(StemTables, ListByFolderAndByScan) {
  StemTable table;
  for (const JobName& job : {JobName{"f", "a"}, JobName{"f/g", "b"}, JobName{"f-g", "c"}, JobName{"", "d"}}) {
    table.obtain(job).round = 1;
  }
  EXPECT_THAT(table.list_within("f"), UnorderedElementsAre(JobName{"f", "a"}, JobName{"f/g", "b"}));
  EXPECT_EQ(table.list_within("").size(), 4u);
  table.obtain({"", "d"}).round = 2;
  EXPECT_EQ(table.list_unseen_by(2).size(), 3u);
  EXPECT_THAT(table.list_unseen_by(1), ElementsAre(JobName{"", "d"}));
}

TEST(StemTable, TellsWhyItsStemsWaitAndForHowLong) {
  StemTable table;
  table.set_phase(table.obtain({"", "half"}), StemPhase::half, start);
  table.set_phase(table.obtain({"a", "cut"}), StemPhase::waiting, start + std::chrono::minutes(2));
  table.set_phase(table.obtain({"a", "theirs"}), StemPhase::ready, start);
  table.obtain({"a", "new"});
  WaitTable waits;
  table.tally_waiting(waits, start + std::chrono::minutes(3));
  EXPECT_THAT(waits.row(WaitReason::half), ElementsAre(0, 0, 1, 0, 0, 0, 0, 0));
  EXPECT_THAT(waits.row(WaitReason::incomplete), ElementsAre(0, 0, 1, 0, 0, 0, 0, 0));
  EXPECT_THAT(waits.row(WaitReason::undecided), ElementsAre(1, 0, 0, 0, 0, 0, 0, 0));
  EXPECT_EQ(table.counts().half, waits.total(WaitReason::half));
}

}  // namespace
}  // namespace reeld
