#include "service/monitor.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr SteadyTime now{1h};

TEST(Health, IsGoodWhileTheLedgerIsWellAndItsWritesEnd) {
  EXPECT_EQ(find_health_problem(true, std::nullopt, now), "");
  EXPECT_EQ(find_health_problem(true, now - 9s, now), "");
}

TEST(Health, IsBadWhereTheLedgerCannotBeWritten) {
  EXPECT_THAT(find_health_problem(false, std::nullopt, now), HasSubstr("the ledger cannot be written"));
}

TEST(Health, IsBadWhereAWriteDoesNotEnd) {
  EXPECT_EQ(find_health_problem(true, now - 12s, now),
            "a write to the ledger has been under way for 12 s: look at its disk");
}

}  // namespace
}  // namespace reeld
