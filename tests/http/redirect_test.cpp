#include "http/redirect.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace reeld {
namespace {

WebUrl parse(std::string_view text) {
  return std::get<WebUrl>(parse_web_url(text));
}

class RedirectTest : public testing::Test {
 protected:
  std::vector<std::string> allow_;
  WebUrl api_ = parse("https://api.example/v1/videos");
  RedirectTrail make_trail() { return {api_, allow_}; }
};

TEST(IsRedirect, KnowsThoseThatAGetFollows) {
  for (const int status : {301, 302, 303, 307, 308}) EXPECT_TRUE(is_redirect(status)) << status;
  for (const int status : {200, 206, 300, 304, 305, 306, 309, 404})
    EXPECT_FALSE(is_redirect(status)) << status;
}

TEST_F(RedirectTest, CredentialsStayWithTheApisOrigin) {
  RedirectTrail trail = make_trail();
  EXPECT_FALSE(trail.begin(parse("https://api.example/v1/videos/a/content")));
  EXPECT_TRUE(trail.carries_credentials());
  EXPECT_FALSE(trail.go_on("/v1/files/a.mp4"));
  EXPECT_TRUE(trail.carries_credentials());
  EXPECT_FALSE(trail.go_on("https://cdn.example/a.mp4"));
  EXPECT_FALSE(trail.carries_credentials());
  EXPECT_FALSE(trail.go_on("https://api.example/v1/files/a.mp4"));
  EXPECT_FALSE(trail.carries_credentials()) << "a redirect back does not bring them back";
  EXPECT_EQ(trail.url(), parse("https://api.example/v1/files/a.mp4"));
}

TEST_F(RedirectTest, AnotherPortOrSchemeIsAnotherOrigin) {
  for (const char* other : {"https://api.example:8443/a", "https://cdn.api.example/a"}) {
    RedirectTrail trail = make_trail();
    EXPECT_FALSE(trail.begin(parse(other)));
    EXPECT_FALSE(trail.carries_credentials()) << other;
  }
}

TEST_F(RedirectTest, ADownloadThatBeginsAnewMayCarryThemAnew) {
  RedirectTrail trail = make_trail();
  trail.begin(parse("https://cdn.example/a"));
  EXPECT_FALSE(trail.carries_credentials());
  trail.begin(parse("https://api.example/a"));
  EXPECT_TRUE(trail.carries_credentials());
}

TEST_F(RedirectTest, GoesOnFiveTimesAtMost) {
  RedirectTrail trail = make_trail();
  trail.begin(api_);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(trail.go_on("/x" + std::to_string(i))) << i;
  const auto refusal = trail.go_on("/x5");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, "is redirected more than five times");
  EXPECT_EQ(trail.url().target, "/x4");
}

TEST_F(RedirectTest, RefusesHttpUnlessItIsAllowed) {
  RedirectTrail trail = make_trail();
  trail.begin(api_);
  const auto refusal = trail.go_on("http://cdn.internal:8080/secret?sig=abc");
  ASSERT_TRUE(refusal);
  EXPECT_NE(refusal->reason.find("http://cdn.internal:8080, which is not https"), std::string::npos);
  EXPECT_EQ(refusal->reason.find("abc"), std::string::npos) << "a query may hold a signature";
  EXPECT_EQ(trail.url(), api_);
  EXPECT_TRUE(make_trail().begin(parse("http://api.example/a"))) << "its own host is no exception";

  allow_ = {"CDN.internal:8080", "[::1]:80"};
  RedirectTrail allowed = make_trail();
  allowed.begin(api_);
  EXPECT_FALSE(allowed.go_on("http://cdn.internal:8080/a"));
  EXPECT_TRUE(allowed.go_on("http://cdn.internal/a")) << "another port";
  EXPECT_FALSE(allowed.go_on("http://[0::1]/a"));
}

TEST_F(RedirectTest, AnApiThatIsHttpItselfMayLeadToHttp) {
  api_ = parse("http://127.0.0.1:8080/v1/videos");
  RedirectTrail trail = make_trail();
  EXPECT_FALSE(trail.begin(api_));
  EXPECT_FALSE(trail.go_on("http://127.0.0.1:9090/a"));
  EXPECT_FALSE(trail.carries_credentials());
}

TEST_F(RedirectTest, RefusesWhatLeadsNowhere) {
  RedirectTrail trail = make_trail();
  trail.begin(api_);
  EXPECT_EQ(trail.go_on("")->reason, "is redirected to nowhere: there is no Location");
  EXPECT_EQ(trail.go_on("https://user:pass@api.example/")->reason,
            "is redirected to a URL that has a user name or password");
  EXPECT_EQ(trail.go_on("ftp://api.example/")->reason,
            "is redirected to a URL that is neither https nor http");
}

}  // namespace
}  // namespace reeld
