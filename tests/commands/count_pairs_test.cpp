#include "commands/status/count_pairs.hpp"

#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

TEST(CountPairs, CountsByState) {
  TempFolder spool;
  for (const char* const folder : {"a/b", ".hidden", ".reeld"}) spool.make_folder(folder);
  for (const char* const name :
       {"one.txt", "one.png", "a/b/two.txt", "a/b/two.jpg", "done.txt", "done.png", "done.job.json",
        "half.txt", "both.txt", "both.png", "both.jpg", ".hidden/no.txt", ".hidden/no.png", "other.bin"})
    spool.write(name, "");
  const PairCounts all = count_pairs(spool.fd(), true);
  EXPECT_EQ(all.waiting, 2U);
  EXPECT_EQ(all.finished, 1U);
  EXPECT_EQ(all.half, 1U);
  EXPECT_EQ(all.ambiguous, 1U);
  EXPECT_EQ(all.unreadable_folders, 0U);
  EXPECT_EQ(count_pairs(spool.fd(), false).waiting, 1U);
}

TEST(TallyPairs, TellsWhyAndForHowLong) {
  TempFolder spool;
  spool.make_folder("a");
  for (const char* const name : {"a/two.txt", "a/two.png", "done.txt", "done.png", "done.job.json",
                                 "half.txt", "both.txt", "both.png", "both.jpg"})
    spool.write(name, "");
  const SystemTime now = std::chrono::system_clock::now() + std::chrono::minutes(10);
  const WaitTable table = tally_pairs(spool.fd(), true, KnownPairs(), WaitReason::held, now);
  EXPECT_EQ(table.total(WaitReason::held), 1U);
  EXPECT_EQ(table.row(WaitReason::held)[3], 1U) << "between five minutes and fifteen";
  EXPECT_EQ(table.row(WaitReason::half)[3], 1U);
  EXPECT_EQ(table.row(WaitReason::ambiguous)[3], 1U);
  EXPECT_EQ(tally_pairs(spool.fd(), false, KnownPairs(), WaitReason::held, now).total(WaitReason::held), 0U);
}

}  // namespace
}  // namespace reeld
