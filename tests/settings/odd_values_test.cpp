#include "settings/odd_values.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string describe(std::string_view url) {
  return describe_odd_root(std::get<ApiUrl>(parse_api_url(url)));
}

TEST(OddValues, ARootIsFine) {
  for (const char* const url :
       {"https://a.example", "https://a.example/", "https://a.example/v1", "https://a.example/v1/videos",
        "https://a.example/openai", "https://a.example/api/v1/", "https://a.example/v1beta/openai"})
    EXPECT_EQ(describe(url), "") << url;
}

TEST(OddValues, APlaceBelowTheRootIsSaid) {
  EXPECT_EQ(
      describe("https://a.example/v1/chat/completions"),
      "requests will go to https://a.example/v1/chat/completions/v1/videos, which is most likely no API's "
      "address; write \"https://a.example\"");
  EXPECT_THAT(describe("https://a.example:8443/sub/v1/models"),
              EndsWith("write \"https://a.example:8443/sub\""));
  EXPECT_THAT(describe("https://a.example/v1/openai"), HasSubstr("no API's address"));
  EXPECT_THAT(describe("https://a.example/x/Completions"), EndsWith("write \"https://a.example/x\""));
}

TEST(OddValues, AKeyAloneIsFine) {
  for (const char* const key : {"sk-abcdef", "abc=", "abc==", "YWJj=", "ABC==", "a=b", "\"", "key'"})
    EXPECT_EQ(describe_odd_key(key), "") << key;
}

TEST(OddValues, QuotesAndNamesAreSaidWithoutTheKey) {
  for (const char* const key :
       {"\"sk-hunter2\"", "'sk-hunter2'", "OPENAI_API_KEY=sk-hunter2", "KEY=\"sk-hunter2\""}) {
    EXPECT_THAT(describe_odd_key(key), EndsWith("write the key alone")) << key;
    EXPECT_EQ(describe_odd_key(key).find("hunter2"), std::string::npos);
  }
}

}  // namespace
}  // namespace reeld
