#include "codec/answer_flaw.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(DescribeFlaw, SaysWhatIsWrong) {
  for (const auto& [body, flaw] : std::initializer_list<std::pair<const char*, const char*>>{
           {"", "is empty"},
           {" \r\n", "is empty"},
           {"\n<!DOCTYPE HTML><p>", "is HTML"},
           {"<html lang=en>", "is HTML"},
           {"<?xml version=\"1.0\"?>", "is XML or HTML"},
           {"[{\"id\":\"video_1\"}]", "is an array"},
           {"\"video_1\"", "is JSON, but a text alone"},
           {"12", "is JSON, but a number alone"},
           {"null", "is JSON, but a word alone"},
           {"{}", ""},
           {"OK", "is not JSON (at byte 0: syntax error)"},
           {"{\"id\":\"video_1\",}", "is not JSON (at byte 16: syntax error)"},
           {"{\"id\":\"video_1\"", "is not JSON to its end: it breaks off after 15 bytes"},
           {"{\"id\":1} {", "is not JSON (at byte 9: something stands behind its end)"},
           {"ab\xFF\xFE", "is not text (at byte 2)"},
       })
    EXPECT_EQ(describe_flaw(body), flaw) << body;
}

TEST(DescribeFlaw, TellsThePlaceInTheAnswerAsItCame) {
  const std::string body = "{\"progress\":NaN,\"a\":\"\n\n\n\",\"id\":\"video_1\",]";
  EXPECT_EQ(describe_flaw(body),
            "is not JSON (at byte " + std::to_string(body.size() - 1) + ": syntax error)");
}

}  // namespace
}  // namespace reeld
