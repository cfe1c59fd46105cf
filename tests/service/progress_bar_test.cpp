#include "service/progress_bar.hpp"

#include <gtest/gtest.h>

#include "submit/dispatcher.hpp"

namespace reeld {
namespace {

TEST(ProgressBar, CountsWhatIsDoneAgainstWhatThereIs) {
  DispatchCounts counts;
  counts.accepted = 11;
  counts.refused = 1;
  counts.waiting = 8;
  counts.in_flight = 4;
  EXPECT_EQ(format_progress(counts),
            "[##########----------]  12 of 24: 11 accepted, 1 refused, 0 in doubt, 4 in flight");
}

TEST(ProgressBar, NothingAtAllIsNoDivisionByZero) {
  EXPECT_EQ(format_progress({}),
            "[--------------------]  0 of 0: 0 accepted, 0 refused, 0 in doubt, 0 in flight");
}

TEST(ProgressBar, ALineFitsIntoTheTerminalAndMovesNothingThere) {
  EXPECT_EQ(fit_line("12 of 24", 80), "12 of 24");
  EXPECT_EQ(fit_line("12 of 24", 5), "12 of");
  EXPECT_EQ(fit_line("\u8857\u8857", 3), "\u8857") << "each is two columns wide";
  EXPECT_EQ(fit_line("a\x1b[2J\u009b\u202eb\xff", 80), "a?[2J??b\uFFFD");
}

}  // namespace
}  // namespace reeld
