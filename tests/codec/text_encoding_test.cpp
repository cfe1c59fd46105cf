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

TEST(CheckEncoding, NamesEncodingsThatAreAsciiByTheirBytes) {
  EXPECT_EQ(check_encoding("\x1B$B5m\x1B(B\n").value().reason,  // 牛
            "the file is not UTF-8 but ISO-2022-JP; save it as UTF-8");
  EXPECT_EQ(check_encoding("\x1B$)C\x0E<R\x0F\n").value().reason,  // 소
            "the file is not UTF-8 but ISO-2022-KR; save it as UTF-8");
  EXPECT_FALSE(check_encoding("a price of $B, \x1B[1mbold\x1B[0m"));
}

TEST(CheckEncoding, NamesFormatsThatAreNoPlainText) {
  EXPECT_EQ(check_encoding("{\\rtf1\\ansi a cow}").value().reason,
            "the file is RTF, a word processor's format; save it as plain text in UTF-8");
  for (const std::string_view text : {"<!DOCTYPE html><p>a cow"sv, "<HTML>a cow"sv, "%PDF-1.7\n"sv,
                                      "PK\x03\x04\x14\0\x06\0"sv, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv})
    EXPECT_THAT(check_encoding(text).value().reason, HasSubstr("; save it as plain text in UTF-8")) << text;
  for (const std::string_view text : {"<b>a cow</b>"sv, "<HTML5 logo spinning"sv, "{\\rtfx"sv,
                                      "%PDF-like paper"sv, "<html"sv, "{rtf} a cow"sv, "a PDF"sv, "%"sv})
    EXPECT_FALSE(check_encoding(text)) << text;
}

TEST(SkipByteOrderMark, TakesOneAtTheHead) {
  EXPECT_EQ(skip_byte_order_mark("\xEF\xBB\xBFtext"), "text");
  EXPECT_EQ(skip_byte_order_mark("\xEF\xBB\xBF\xEF\xBB\xBFx"), "\xEF\xBB\xBFx");
  EXPECT_EQ(skip_byte_order_mark("text"), "text");
  EXPECT_EQ(skip_byte_order_mark("\xEF\xBB"), "\xEF\xBB");
}

}  // namespace
}  // namespace reeld
