#include "http/web_url.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

WebUrl parse(std::string_view text) {
  const auto parsed = parse_web_url(text);
  EXPECT_TRUE(std::holds_alternative<WebUrl>(parsed)) << text;
  const auto* const url = std::get_if<WebUrl>(&parsed);
  return url == nullptr ? WebUrl{} : *url;
}

std::string write(const std::variant<WebUrl, WebUrlComplaint>& parsed) {
  if (const auto* const complaint = std::get_if<WebUrlComplaint>(&parsed))
    return "complaint: " + complaint->reason;
  const auto& url = std::get<WebUrl>(parsed);
  return url.origin() + url.target;
}

TEST(ParseWebUrl, ReadsSchemeHostPortAndTarget) {
  struct Case {
    const char* text;
    const char* read;
  };
  constexpr Case cases[] = {
      {"https://a.example", "https://a.example/"},
      {" HTTPS://A.Example:443/Video.mp4?Sig=A%2Fb#end ", "https://a.example/Video.mp4?Sig=A%2Fb"},
      {"http://a.example:8080?x=1", "http://a.example:8080/?x=1"},
      {"https://a.example:/x", "https://a.example/x"},
      {"https://[0:0::1]:8443/", "https://[::1]:8443/"},
      {"https://192.0.2.1/a/./b/../c", "https://192.0.2.1/a/c"},
      {"https://a.example/my video.mp4?n=\xE7\x89\x9B|1", "https://a.example/my%20video.mp4?n=%E7%89%9B%7C1"},
  };
  for (const Case& row : cases) EXPECT_EQ(write(parse_web_url(row.text)), row.read) << row.text;
}

TEST(ParseWebUrl, RefusesWhatLeadsNowhereOrHidesWhereItLeads) {
  for (const char* text : {"",
                           "a.example/x",
                           "/x",
                           "//a.example/x",
                           "ftp://a.example/x",
                           "javascript:alert(1)",
                           "data:video/mp4,x",
                           "file:///etc/passwd",
                           "https:/a.example",
                           "https://",
                           "https:///x",
                           "https://u:p@a.example/",
                           "https://a.example@b.example/",
                           "https://a.example:0/",
                           "https://a.example:65536/",
                           "https://a.example:1x/",
                           "https://[::1/",
                           "https://[a.example]/",
                           "https://::1/",
                           "https://a b/",
                           "https://a.example\\@b.example/",
                           "https://a.example/\r\nX: y",
                           "https://1.2.3/",
                           "https://a..b/",
                           "https://a.example./"}) {
    EXPECT_TRUE(std::holds_alternative<WebUrlComplaint>(parse_web_url(text))) << text;
  }
  EXPECT_TRUE(
      std::holds_alternative<WebUrlComplaint>(parse_web_url("https://a.example/" + std::string(9000, 'x'))));
}

TEST(ResolveReference, FollowsTheExamplesOfTheRfc) {
  // Source: RFC 3986 5.4.1 and 5.4.2, as far as http has them.
  struct Case {
    const char* reference;
    const char* target;
  };
  constexpr Case cases[] = {
      {"g", "/b/c/g"},          {"./g", "/b/c/g"},
      {"g/", "/b/c/g/"},        {"/g", "/g"},
      {"?y", "/b/c/d;p?y"},     {"g?y", "/b/c/g?y"},
      {"#s", "/b/c/d;p?q"},     {"g#s", "/b/c/g"},
      {";x", "/b/c/;x"},        {"g;x?y#s", "/b/c/g;x?y"},
      {"", "/b/c/d;p?q"},       {".", "/b/c/"},
      {"./", "/b/c/"},          {"..", "/b/"},
      {"../g", "/b/g"},         {"../..", "/"},
      {"../../g", "/g"},        {"../../../g", "/g"},
      {"/./g", "/g"},           {"/../g", "/g"},
      {"g.", "/b/c/g."},        {"..g", "/b/c/..g"},
      {"./g/.", "/b/c/g/"},     {"g/../h", "/b/c/h"},
      {"g;x=1/../y", "/b/c/y"}, {"g?y/../x", "/b/c/g?y/../x"},
  };
  const WebUrl base = parse("http://a/b/c/d;p?q");
  for (const Case& row : cases)
    EXPECT_EQ(write(resolve_reference(base, row.reference)), std::string("http://a") + row.target)
        << row.reference;
  EXPECT_EQ(write(resolve_reference(base, "//g")), "http://g/");
  EXPECT_EQ(write(resolve_reference(base, "https://g/x")), "https://g/x");
  EXPECT_EQ(write(resolve_reference(parse("https://a:8443/b"), "//g/x")), "https://g/x");
  EXPECT_EQ(write(resolve_reference(parse("https://a:8443/b"), "x")), "https://a:8443/x");
}

TEST(ResolveReference, RefusesWhatAnAbsoluteUrlMayNotBeEither) {
  const WebUrl base = parse("https://a/b");
  for (const char* reference : {"ftp://g", "g:h", "//u@g/", "http:g", "https://", "a\nb", "\\\\g\\x"})
    EXPECT_TRUE(std::holds_alternative<WebUrlComplaint>(resolve_reference(base, reference))) << reference;
}

TEST(IsSameOrigin, ComparesSchemeHostAndPort) {
  const WebUrl api = parse("https://api.example/v1");
  EXPECT_TRUE(is_same_origin(api, parse("https://API.example:443/other?x")));
  for (const char* other : {"http://api.example/v1", "https://api.example:444/v1",
                            "https://cdn.api.example/v1", "http://api.example:443/v1"}) {
    EXPECT_FALSE(is_same_origin(api, parse(other))) << other;
  }
  EXPECT_TRUE(is_same_origin(parse("https://[::1]/"), parse("https://[0:0:0:0:0:0:0:1]/")));
}

}  // namespace
}  // namespace reeld
