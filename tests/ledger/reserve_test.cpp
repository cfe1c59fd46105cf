#include "ledger/reserve.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

TEST(LedgerReserve, HoldsRealSpaceUntilItIsReleased) {
  const TempFolder folder;
  const std::string path = (folder / "reserve").string();
  LedgerReserve reserve(path);
  EXPECT_FALSE(reserve.holds(1));
  ASSERT_FALSE(reserve.ensure(3 << 20));
  EXPECT_TRUE(reserve.holds(3 << 20));
  EXPECT_FALSE(reserve.holds((3 << 20) + 1));
  struct ::stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_GE(status.st_blocks * 512, 3 << 20);
  reserve.give_up();
  EXPECT_FALSE(reserve.holds(1));
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_blocks, 0);
}

TEST(LedgerReserve, SaysWhatItCouldNotHold) {
  LedgerReserve reserve("/nowhere/reserve");
  const auto error = reserve.ensure(1);
  ASSERT_TRUE(error);
  EXPECT_THAT(error->message, ::testing::HasSubstr("hold space back for answers in /nowhere/reserve"));
}

}  // namespace
}  // namespace reeld
