#include "commands/status/wait_text.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "codec/wait_json.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(WaitText, IsATableOfReasonsByAges) {
  WaitTable table;
  for (int i = 0; i < 1234; ++i) table.add(WaitReason::queued, milliseconds(0));
  table.add(WaitReason::queued, std::chrono::hours(2));
  table.add(WaitReason::half, std::chrono::hours(48));
  EXPECT_THAT(describe_waits(write_waits(table)),
              ElementsAre("             total  <10s   <1m   <5m  <15m   <1h   <6h   <1d older",
                          "half             1     .     .     .     .     .     .     .     1",
                          "queued        1235  1234     .     .     .     .     1     .     ."));
}

TEST(WaitText, SaysNothingWhereNothingWaits) {
  EXPECT_THAT(describe_waits(write_waits(WaitTable{})), IsEmpty());
}

}  // namespace
}  // namespace reeld
