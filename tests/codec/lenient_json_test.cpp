#include "codec/lenient_json.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(MendJson, LeavesJsonAsItIs) {
  for (const char* text : {"", "{}", R"({"a":"b\\\"\n\u0041\ud83d\ude00","c":[1,-2.5e+3,true,null]})",
                           " \t\r\n[\"x\"] ", R"("NaN")", "123456789012345678", "1234567890.1234567890123"})
    EXPECT_EQ(mend_json(text), text);
}

struct Mended {
  std::string_view from;
  std::string_view to;
};

class MendJsonTo : public testing::TestWithParam<Mended> {};

TEST_P(MendJsonTo, WhatAParserTakes) {
  EXPECT_EQ(mend_json(GetParam().from), GetParam().to);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, MendJsonTo,
    testing::Values(Mended{R"("\ud83d")", R"("\ufffd")"}, Mended{R"("\ude00")", R"("\ufffd")"},
                    Mended{R"("\ud83d\u0041")", R"("\ufffd\u0041")"},
                    Mended{R"("\ud83d\ud83d\ude00")", R"("\ufffd\ud83d\ude00")"},
                    Mended{"\"a\nb\x01\"", R"("a\u000ab\u0001")"}, Mended{R"("C:\data")", R"("C:\\data")"},
                    Mended{R"("\u12")", R"("\\u12")"}, Mended{"[NaN,Infinity,-Infinity]", "[null,null,null]"},
                    Mended{"[1234567890123456789]", "[\"\\u00001234567890123456789\"]"},
                    Mended{"{\x01}", "{ }"}, Mended{"\"\xFF\"", "\"\xEF\xBF\xBD\""},
                    Mended{R"("\)", R"("\\)"}, Mended{R"("\ud83d)", R"("\ufffd)"}));

}  // namespace
}  // namespace reeld
