#include "codec/pairs_in_hand.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(PairsInHand, AreReadAsTheyWereWritten) {
  PairsInHandText text;
  text.add({"a folder/\n\xff", "stem\t"}, WaitReason::half, milliseconds(1500));
  text.add({"", "scene"}, std::nullopt, milliseconds(0));
  const auto read = read_pairs_in_hand(text.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->left_out, 0U);
  ASSERT_EQ(read->pairs.size(), 2U);
  EXPECT_EQ(read->pairs[0].name, (JobName{"a folder/\n\xff", "stem\t"}));
  EXPECT_EQ(read->pairs[0].reason, WaitReason::half);
  EXPECT_EQ(read->pairs[0].age, milliseconds(1500));
  EXPECT_EQ(read->pairs[1].name, (JobName{"", "scene"}));
  EXPECT_EQ(read->pairs[1].reason, std::nullopt);
}

TEST(PairsInHand, SaysHowManyMoreThereAre) {
  PairsInHandText text;
  for (std::size_t i = 0; i < PairsInHandText::most + 3; ++i)
    text.add({"", "s"}, std::nullopt, milliseconds(0));
  const auto read = read_pairs_in_hand(text.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->pairs.size(), PairsInHandText::most);
  EXPECT_EQ(read->left_out, 3U);
}

TEST(PairsInHand, RefusesWhatIsNoneOfIts) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {""sv, "{}"sv, "x\0"sv, "0\0a\0b\0half\0"sv, "0\0a\0b\0half\0x\0"sv,
                                      "0\0a\0b\0no such reason\0001\0"sv, "0\0a"sv})
    EXPECT_FALSE(read_pairs_in_hand(text)) << text;
  EXPECT_TRUE(read_pairs_in_hand("0\0"sv)) << "none";
}

}  // namespace
}  // namespace reeld
