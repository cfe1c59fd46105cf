#include "core/pairing.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

struct StemCase {
  StemContents contents;
  StemState state;
};

class JudgeStem : public testing::TestWithParam<StemCase> {};

TEST_P(JudgeStem, FollowsTheTable) {
  EXPECT_EQ(judge_stem(GetParam().contents), GetParam().state);
}

INSTANTIATE_TEST_SUITE_P(Table, JudgeStem,
                         testing::Values(StemCase{{0, 0, false, true}, StemState::nothing},
                                         StemCase{{1, 0, false, true}, StemState::half},
                                         StemCase{{0, 1, false, true}, StemState::half},
                                         StemCase{{1, 1, false, true}, StemState::candidate},
                                         StemCase{{1, 1, false, false}, StemState::unnameable},
                                         StemCase{{1, 0, false, false}, StemState::half},
                                         StemCase{{2, 1, false, true}, StemState::ambiguous},
                                         StemCase{{1, 2, false, true}, StemState::ambiguous},
                                         StemCase{{2, 0, false, true}, StemState::ambiguous},
                                         StemCase{{2, 2, false, false}, StemState::ambiguous},
                                         StemCase{{0, 0, false, true, true}, StemState::nothing},
                                         StemCase{{1, 0, false, true, true}, StemState::conflict},
                                         StemCase{{1, 1, false, true, true}, StemState::conflict},
                                         StemCase{{2, 1, false, false, true}, StemState::conflict},
                                         StemCase{{1, 1, true, true, true}, StemState::finished},
                                         StemCase{{1, 1, true, true}, StemState::finished},
                                         StemCase{{2, 1, true, true}, StemState::finished},
                                         StemCase{{0, 0, true, true}, StemState::finished}));

}  // namespace
}  // namespace reeld
