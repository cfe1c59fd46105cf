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
  EXPECT_THAT(describe("https://a.example/chat/completions"), EndsWith("write \"https://a.example\""));
  EXPECT_THAT(describe("https://a.example/V1/chat/completions"), EndsWith("write \"https://a.example\""));
  EXPECT_THAT(describe("https://a.example/x/Completions"), EndsWith("write \"https://a.example/x\""));
}

/// As Cloudflare's gateway has it: an advice to cut it would take the account and the gateway away.
TEST(OddValues, OfTwoVersionsOnlyThatIsSaid) {
  const std::string said = describe("https://gateway.example/v1/account/gateway/openai");
  EXPECT_THAT(
      said,
      HasSubstr("https://gateway.example/v1/account/gateway/openai/v1/videos, which has two versions in it"));
  EXPECT_THAT(said, EndsWith("or give [api] url the whole address of its videos, which ends in /videos"));
  EXPECT_EQ(describe("https://gateway.example/v1/account/gateway/openai/videos"), "");
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
