#include "codec/known_fields.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::ElementsAre;

TEST(ListSlips, NamesEachThatIsOneSlipFromAKnownField) {
  const JobFields fields{{"second", "8"}, {"modle", "m"}, {"waterwark", "false"}, {"sizes", "16x9"}};
  EXPECT_THAT(list_slips(fields, "input_reference"),
              ElementsAre("second is sent as it is; did you mean seconds?",
                          "modle is sent as it is; did you mean model?",
                          "waterwark is sent as it is; did you mean watermark?",
                          "sizes is sent as it is; did you mean size?"));
}

TEST(ListSlips, KnowsTheImagesField) {
  EXPECT_THAT(list_slips({{"imagee", "x"}}, "image"),
              ElementsAre("imagee is sent as it is; did you mean image?"));
  EXPECT_THAT(list_slips({{"imagee", "x"}}, "input_reference"), ElementsAre());
}

TEST(ListSlips, LeavesOthersAlone) {
  const JobFields fields{{"seconds", "8"}, {"model", "m"},   {"style", "x"}, {"sec", "1"},
                         {"n", "1"},       {"seed", "7"},    {"second", ""}, {"input_reference", "x"},
                         {"sz", "1"},      {"seconnds2", ""}};
  EXPECT_THAT(list_slips(fields, "image"), ElementsAre());
}

}  // namespace
}  // namespace reeld
