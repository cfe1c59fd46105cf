#include "http/url.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

std::string url_complaint_of(std::string_view text) {
  const auto parsed = parse_api_url(text);
  const auto* complaint = std::get_if<UrlComplaint>(&parsed);
  return complaint == nullptr ? "(no complaint)" : complaint->reason;
}

ApiUrl parse_url(std::string_view text) {
  auto parsed = parse_api_url(text);
  if (const auto* complaint = std::get_if<UrlComplaint>(&parsed)) {
    ADD_FAILURE() << text << ": " << complaint->reason;
    return {};
  }
  return std::get<ApiUrl>(std::move(parsed));
}

TEST(ApiUrl, IsTakenApart) {
  const ApiUrl url = parse_url("https://API.Example.com");
  EXPECT_EQ(url.text, "https://API.Example.com");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "api.example.com");
  EXPECT_EQ(url.port, 443);
  EXPECT_EQ(url.target, "/v1/videos");
  EXPECT_EQ(url.host_header, "api.example.com");
  EXPECT_EQ(url.videos_url(), "https://api.example.com/v1/videos");
}

TEST(ApiUrl, EveryWayToWriteItsEndMeansTheSame) {
  for (const char* text :
       {"https://a.example", "https://a.example/", "https://a.example/v1", "https://a.example/v1/",
        "https://a.example/v1/videos", "https://a.example/v1/videos/"}) {
    EXPECT_EQ(parse_url(text).videos_url(), "https://a.example/v1/videos") << text;
  }
}

TEST(ApiUrl, APathBeforeItIsKept) {
  EXPECT_EQ(parse_url("https://a.example/relay/eu").target, "/relay/eu/v1/videos");
  EXPECT_EQ(parse_url("https://a.example/relay/v1").target, "/relay/v1/videos");
  EXPECT_EQ(parse_url("https://a.example/relay%20x/v1/videos").target, "/relay%20x/v1/videos");
  EXPECT_EQ(parse_url("https://a.example/apiv1").target, "/apiv1/v1/videos");
  EXPECT_EQ(parse_url("https://a.example/v1/account/gateway/openai/videos").target,
            "/v1/account/gateway/openai/videos");
  EXPECT_EQ(parse_url("https://a.example/myvideos").target, "/myvideos/v1/videos");
}

TEST(ApiUrl, APortIsPartOfTheHostHeaderUnlessItIsTheUsualOne) {
  EXPECT_EQ(parse_url("https://a.example:8443").host_header, "a.example:8443");
  EXPECT_EQ(parse_url("https://a.example:8443").port, 8443);
  EXPECT_EQ(parse_url("https://a.example:443").host_header, "a.example");
  EXPECT_EQ(parse_url("http://127.0.0.1:80").host_header, "127.0.0.1");
  EXPECT_EQ(parse_url("https://a.example:80").host_header, "a.example:80");
}

TEST(ApiUrl, Ipv6KeepsItsBracketsOnlyInTheHeader) {
  const ApiUrl url = parse_url("https://[2001:DB8::1]:8443/v1");
  EXPECT_EQ(url.host, "2001:db8::1");
  EXPECT_EQ(url.host_header, "[2001:db8::1]:8443");
  EXPECT_EQ(url.videos_url(), "https://[2001:db8::1]:8443/v1/videos");
}

TEST(ApiUrl, HttpGoesToLoopbackOnly) {
  for (const char* text : {"http://localhost:8080", "http://127.0.0.1:8080", "http://127.1.2.3",
                           "http://[::1]:8080", "HTTP://LocalHost"}) {
    EXPECT_FALSE(parse_url(text).tls) << text;
  }
  EXPECT_EQ(
      url_complaint_of("http://api.example.com"),
      "is http, where the API key could be read on its way; write \"https://api.example.com\", or, where "
      "the network between can be trusted, name the host under [api]: allow_http = "
      "[\"api.example.com\"]");
  for (const char* text :
       {"http://localhost.example.com", "http://128.0.0.1", "http://[::2]", "http://0.0.0.0"}) {
    EXPECT_NE(url_complaint_of(text), "(no complaint)") << text;
  }
}

TEST(ApiUrl, HttpGoesToHostsThatAreNamed) {
  const std::vector<std::string> allowed{"LiteLLM", "10.0.0.5", "fd00:0::1"};
  for (const char* text :
       {"http://litellm:4000", "http://LITELLM", "http://10.0.0.5", "http://[FD00::1]:8080"})
    EXPECT_TRUE(std::holds_alternative<ApiUrl>(parse_api_url(text, allowed))) << text;
  for (const char* text :
       {"http://litellm.example", "http://a.litellm", "http://10.0.0.50", "http://[fd00::2]"})
    EXPECT_TRUE(std::holds_alternative<UrlComplaint>(parse_api_url(text, allowed))) << text;
  EXPECT_EQ(url_complaint_of("http://[fd00::1]"),
            "is http, where the API key could be read on its way; write \"https://[fd00::1]\", or, where the "
            "network between can be trusted, name the host under [api]: allow_http = [\"fd00::1\"]");
}

TEST(ApiUrl, AQueryIsKept) {
  const ApiUrl url = parse_url("https://a.example/openai?api-version=2025-04-01-preview");
  EXPECT_EQ(url.target, "/openai/v1/videos");
  EXPECT_EQ(url.request_target(), "/openai/v1/videos?api-version=2025-04-01-preview");
  EXPECT_EQ(url.videos_url(), "https://a.example/openai/v1/videos?api-version=2025-04-01-preview");
  EXPECT_TRUE(url.query_secrets().empty());
  for (const char* text : {"https://a.example?x=1/2?3", "https://a.example/?x=1/2?3",
                           "https://a.example/v1?x=1/2?3", "https://a.example/v1/videos/?x=1/2?3"})
    EXPECT_EQ(parse_url(text).request_target(), "/v1/videos?x=1/2?3") << text;
  EXPECT_EQ(parse_url("https://a.example?").request_target(), "/v1/videos");
}

TEST(ApiUrl, SecretsOfAQueryAreShownNowhere) {
  const ApiUrl url = parse_url("https://a.example?a=1&code=s%2Fcret-1&sig=&%6bey=two&b&access_token=x=y");
  EXPECT_EQ(url.videos_url(),
            "https://a.example/v1/videos?a=1&code=[secret]&sig=&%6bey=[secret]&b&access_token=[secret]");
  EXPECT_EQ(url.request_target(), "/v1/videos?a=1&code=s%2Fcret-1&sig=&%6bey=two&b&access_token=x=y");
  EXPECT_EQ(url.query_secrets(),
            (std::vector<std::string>{"s%2Fcret-1", "s/cret-1", "two", "two", "x=y", "x=y"}));
  EXPECT_EQ(url_complaint_of("a.example?key=hunter2").find("hunter2"), std::string::npos);
}

TEST(HostName, IsANameOrAnAddressAndNothingElse) {
  for (const char* host : {"litellm", "a.example", "10.0.0.5", "::1"}) EXPECT_TRUE(is_host(host)) << host;
  for (const char* host : {"", "*", "*.example", "http://a", "a:80", "[::1]", "a/b", "a b", "1.2.3"})
    EXPECT_FALSE(is_host(host)) << host;
}

TEST(ApiUrl, TheSchemeIsNeeded) {
  EXPECT_EQ(url_complaint_of("api.example.com"),
            "must begin with \"https://\"; write \"https://api.example.com\"");
  EXPECT_EQ(url_complaint_of("ftp://api.example.com"),
            "must begin with \"https://\"; write \"https://api.example.com\"");
  EXPECT_EQ(url_complaint_of("https:/a.example"),
            "must begin with \"https://\"; write \"https://api.example.com\"");
  EXPECT_EQ(url_complaint_of(""), "must be the API's URL, such as \"https://api.example.com\"; it is empty");
}

TEST(ApiUrl, WhatIsNoUrlOfAnApiIsRefused) {
  EXPECT_EQ(url_complaint_of("https://a.example?x=1#top"), "has a fragment (\"#...\"); remove it");
  EXPECT_EQ(url_complaint_of("https://a.example?x=<1>"), "has \"<\" in its query; write it percent-encoded");
  EXPECT_EQ(url_complaint_of("https://a.example?x=%2"),
            "has a \"%\" in its query that two hexadecimal digits do not follow");
  EXPECT_EQ(url_complaint_of("https://a.example/#top"), "has a fragment (\"#...\"); remove it");
  EXPECT_EQ(url_complaint_of("https://"), "has no host; write \"https://api.example.com\"");
  EXPECT_EQ(url_complaint_of("https://:443"), "has no host; write \"https://api.example.com\"");
  EXPECT_EQ(url_complaint_of("https://a.example:0"), "has a port that is not a number from 1 to 65535");
  EXPECT_EQ(url_complaint_of("https://a.example:65536"), "has a port that is not a number from 1 to 65535");
  EXPECT_EQ(url_complaint_of("https://a.example:"), "has a port that is not a number from 1 to 65535");
  EXPECT_EQ(url_complaint_of("https://a.example:+1"), "has a port that is not a number from 1 to 65535");
  EXPECT_EQ(url_complaint_of("https://a.example/a b"), "holds a space or a control character; remove it");
  EXPECT_EQ(url_complaint_of("https://a.example/\n"), "holds a space or a control character; remove it");
  EXPECT_EQ(url_complaint_of("https://a.example\\v1"), "holds a backslash; write \"/\"");
  EXPECT_EQ(url_complaint_of("https://a.example/<v1>"), "has \"<\" in its path; write it percent-encoded");
  EXPECT_EQ(url_complaint_of("https://a.example/%2"),
            "has a \"%\" in its path that two hexadecimal digits do not follow");
  EXPECT_EQ(url_complaint_of("https://a.example//v1"), "has \"//\" in its path; write \"/\"");
  EXPECT_EQ(url_complaint_of("https://a.example/../v1"),
            "has \".\" or \"..\" in its path; write the path that is meant");
  EXPECT_EQ(url_complaint_of("https://a.example/" + std::string(2048, 'a')),
            "is longer than 2048 characters");
}

TEST(ApiUrl, HostsAreChecked) {
  EXPECT_EQ(url_complaint_of("https://a..example"),
            "has an empty part in its host name (two dots, or a dot at an end); remove the dot");
  EXPECT_EQ(url_complaint_of("https://a.example."),
            "has an empty part in its host name (two dots, or a dot at an end); remove the dot");
  EXPECT_EQ(url_complaint_of("https://a!b.example"),
            "has \"!\" in its host name; letters, digits, \"-\" and \".\" can be there");
  EXPECT_EQ(
      url_complaint_of("https://1.2.3"),
      "has a host that looks like an IPv4 address and is none; write four numbers, such as \"192.0.2.1\"");
  EXPECT_EQ(url_complaint_of("https://" + std::string(64, 'a') + ".example"),
            "has a part of more than 63 characters in its host name");
  EXPECT_EQ(url_complaint_of("https://::1:8443"), "has no host; write \"https://api.example.com\"");
  EXPECT_EQ(
      url_complaint_of("https://fe80::1"),
      "has more than one \":\" after its host; write an IPv6 address in brackets: \"https://[::1]:8443\"");
  EXPECT_EQ(url_complaint_of("https://[::1"), "has \"[\" without \"]\" around its IPv6 address");
  EXPECT_EQ(url_complaint_of("https://[a.example]"), "has brackets around what is not an IPv6 address");
  EXPECT_EQ(url_complaint_of("https://[::1]8443"), "has something other than a port after its IPv6 address");
}

TEST(ApiUrl, AnInternationalNameGetsAHint) {
  EXPECT_EQ(url_complaint_of("https://b\xc3\xbc"
                             "cher.example"),
            "holds a character that is not ASCII; write an international name in its \"xn--\" form, and "
            "anything else "
            "percent-encoded");
}

TEST(ApiUrl, APasswordIsRefusedAndNeverRepeated) {
  for (const char* text :
       {"https://user:hunter2@a.example", "user:hunter2@a.example", "ftp://user:hunter2@a.example"}) {
    const std::string complaint = url_complaint_of(text);
    EXPECT_NE(complaint, "(no complaint)");
    EXPECT_EQ(complaint.find("hunter2"), std::string::npos) << complaint;
  }
  EXPECT_EQ(url_complaint_of("https://user:hunter2@a.example"),
            "has a user name or password before \"@\"; remove them: the API key is not part of the URL");
}

TEST(LoopbackHost, IsRecognised) {
  for (const char* host :
       {"localhost", "LOCALHOST", "127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* host :
       {"", "localhost.", "example.com", "10.0.0.1", "128.0.0.1", "127.1", "::", "::ffff:127.0.0.1"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

}  // namespace
}  // namespace reeld
