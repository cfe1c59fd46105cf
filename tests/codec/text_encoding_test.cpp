#include "codec/text_encoding.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;

TEST(CheckEncoding, LetsUtf8Pass) {
  EXPECT_FALSE(check_encoding(""));
  EXPECT_FALSE(check_encoding("让牛快乐的跳科目三\n"));
  EXPECT_FALSE(check_encoding("\xEF\xBB\xBFtext"));
}

TEST(CheckEncoding, NamesUtf16) {
  for (const std::string_view text : {"\xFF\xFEh\0i\0"sv, "\xFE\xFF\0h\0i"sv, "h\0i\0"sv, "\xFF\xFE"sv}) {
    const auto complaint = check_encoding(text);
    ASSERT_TRUE(complaint);
    EXPECT_THAT(complaint->reason, HasSubstr("UTF-16"));
    EXPECT_THAT(complaint->reason, HasSubstr("save it as UTF-8"));
    EXPECT_EQ(complaint->line, 0);
  }
}

TEST(DescribeUnwritten, TellsOfSpaceThatIsOnlyLaidOut) {
  EXPECT_THAT(describe_unwritten("\0"sv), HasSubstr("nothing but zeros"));
  EXPECT_THAT(describe_unwritten("\0\0\0\0"sv), HasSubstr("nothing but zeros"));
  EXPECT_THAT(describe_unwritten("half\0"sv), HasSubstr("ends in zeros"));
  EXPECT_THAT(describe_unwritten("half of it\n\0\0\0\0\0\0\0\0\0\0"sv), HasSubstr("ends in zeros"));
  EXPECT_THAT(describe_unwritten("the head\0\0\0\0\0\0\0\0 and the tail"sv), HasSubstr("gap of zeros"));
}

TEST(DescribeUnwritten, LeavesTextsInOtherEncodingsAlone) {
  for (const std::string_view text :
       {""sv, "a cow"sv, "\xFF\xFEh\0i\0"sv, "\xFE\xFF\0h\0i"sv, "h\0i\0"sv, "\0h\0i"sv, "h\0\0\0i\0\0\0"sv})
    EXPECT_EQ(describe_unwritten(text), "") << text.size();
}

TEST(CheckEncoding, GuessesADoubleByteEncoding) {
  const auto complaint = check_encoding("one\n\xC8\xC3\xC5\xA3 dances\n");  // GBK
  ASSERT_TRUE(complaint);
  EXPECT_EQ(complaint->line, 2);
  EXPECT_THAT(complaint->reason, HasSubstr("GBK"));
}

TEST(CheckEncoding, GuessesASingleByteEncoding) {
  const auto complaint = check_encoding("caf\xE9 au lait");
  ASSERT_TRUE(complaint);
  EXPECT_EQ(complaint->line, 1);
  EXPECT_THAT(complaint->reason, HasSubstr("windows-1252"));
}

TEST(SkipByteOrderMark, TakesOneAtTheHead) {
  EXPECT_EQ(skip_byte_order_mark("\xEF\xBB\xBFtext"), "text");
  EXPECT_EQ(skip_byte_order_mark("\xEF\xBB\xBF\xEF\xBB\xBFx"), "\xEF\xBB\xBFx");
  EXPECT_EQ(skip_byte_order_mark("text"), "text");
  EXPECT_EQ(skip_byte_order_mark("\xEF\xBB"), "\xEF\xBB");
}

}  // namespace
}  // namespace reeld
