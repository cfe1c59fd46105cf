#include "codec/json_text.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace reeld {
namespace {

TEST(ParseJson, TakesAByteOrderMarkAndBlanks) {
  ASSERT_TRUE(parse_json("\xEF\xBB\xBF {\"a\": 1}\r\n\n"));
  EXPECT_EQ(parse_json("[1]")->as_array().size(), 1U);
}

TEST(ParseJson, RefusesWhatIsNone) {
  for (const std::string_view text : {"", " ", "<html>", "{\"a\":1", "{} {}", "{'a':1}", "\"\xFF\"", "nul"}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
}

TEST(ParseJson, RefusesAbsurdDepth) {
  const auto nest = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nest(60)));
  EXPECT_FALSE(parse_json(nest(1000)));
  EXPECT_FALSE(parse_json(std::string(1 << 20, '[')));
}

TEST(PrintJson, IndentsAndKeepsTheOrderOfKeys) {
  const auto value = parse_json(R"({"z":[1,"two",[]],"a":{},"m":{"k":null,"t":true}})");
  EXPECT_EQ(print_json(*value), R"({
  "z": [
    1,
    "two",
    []
  ],
  "a": {},
  "m": {
    "k": null,
    "t": true
  }
}
)");
}

TEST(PrintJson, EscapesKeysAndTexts) {
  EXPECT_EQ(print_json(*parse_json(R"({"a\"\n":"\u0001让"})")), "{\n  \"a\\\"\\n\": \"\\u0001让\"\n}\n");
  EXPECT_EQ(print_json(*parse_json("3")), "3\n");
}

}  // namespace
}  // namespace reeld
