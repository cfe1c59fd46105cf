#include "net/proxy.hpp"

#include <gmock/gmock.h>

namespace reeld::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Case {
  std::string setting;
  std::string https_proxy;
  std::string no_proxy;
  std::string host;
  std::uint16_t port;
  std::string expected;  // "host:port", or "" for none
};

std::string tell(const Case& c) {
  const auto chosen = choose_proxy(c.setting, ProxyEnvironment{c.https_proxy, c.no_proxy}, c.host, c.port);
  if (const auto* complaint = std::get_if<ProxyComplaint>(&chosen)) return "complaint: " + complaint->reason;
  const auto& proxy = std::get<std::optional<ProxyAddress>>(chosen);
  return proxy ? proxy->host + ":" + std::to_string(proxy->port) : "";
}

class ChooseProxyTest : public ::testing::TestWithParam<Case> {};

TEST_P(ChooseProxyTest, Table) {
  const Case& c = GetParam();
  EXPECT_EQ(tell(c), c.expected) << c.setting << " | " << c.https_proxy << " | " << c.no_proxy << " | "
                                 << c.host;
}

INSTANTIATE_TEST_SUITE_P(
    Setting, ChooseProxyTest,
    ::testing::Values(Case{"", "", "", "api.example.com", 443, ""},
                      Case{"http://p.example:3128", "", "", "api.example.com", 443, "p.example:3128"},
                      Case{"HTTP://P.Example:3128/", "", "", "api.example.com", 443, "p.example:3128"},
                      Case{"p.example", "", "", "api.example.com", 443, "p.example:80"},
                      Case{"p.example:8080", "", "", "api.example.com", 443, "p.example:8080"},
                      Case{"http://[::1]:3128", "", "", "api.example.com", 443, "::1:3128"},
                      Case{"10.0.0.1:1", "http://q.example", "", "api.example.com", 443, "10.0.0.1:1"},
                      Case{"p.example", "", "*", "api.example.com", 443, "p.example:80"}));

INSTANTIATE_TEST_SUITE_P(
    Environment, ChooseProxyTest,
    ::testing::Values(Case{"", "http://q.example:1", "", "api.example.com", 443, "q.example:1"},
                      Case{" ", " ", "", "api.example.com", 443, ""},
                      Case{"", "q.example:1", "*", "api.example.com", 443, ""},
                      Case{"", "q.example:1", "example.com", "api.example.com", 443, ""},
                      Case{"", "q.example:1", ".example.com", "api.example.com", 443, ""},
                      Case{"", "q.example:1", "*.example.com", "api.example.com", 443, ""},
                      Case{"", "q.example:1", "API.Example.com", "api.example.COM", 443, ""},
                      Case{"", "q.example:1", "example.com", "api.example.com.", 443, ""},
                      Case{"", "q.example:1", "ample.com", "api.example.com", 443, "q.example:1"},
                      Case{"", "q.example:1", "other.org, example.com", "api.example.com", 443, ""},
                      Case{"", "q.example:1", "other.org example.com", "api.example.com", 443, ""},
                      Case{"", "q.example:1", "example.com:8443", "api.example.com", 443, "q.example:1"},
                      Case{"", "q.example:1", "example.com:443", "api.example.com", 443, ""},
                      Case{"", "q.example:1", ",,", "api.example.com", 443, "q.example:1"}));

INSTANTIATE_TEST_SUITE_P(
    Addresses, ChooseProxyTest,
    ::testing::Values(Case{"", "q.example:1", "10.1.2.3", "10.1.2.3", 443, ""},
                      Case{"", "q.example:1", "10.1.2.3:8080", "10.1.2.3", 443, "q.example:1"},
                      Case{"", "q.example:1", "2.3", "10.1.2.3", 443, "q.example:1"},
                      Case{"", "q.example:1", "10.0.0.0/8", "10.1.2.3", 443, ""},
                      Case{"", "q.example:1", "10.1.2.0/23", "10.1.3.3", 443, ""},
                      Case{"", "q.example:1", "10.1.2.0/24", "10.1.3.3", 443, "q.example:1"},
                      Case{"", "q.example:1", "10.1.2.3/32", "10.1.2.3", 443, ""},
                      Case{"", "q.example:1", "10.0.0.0/99", "10.1.2.3", 443, "q.example:1"},
                      Case{"", "q.example:1", "2001:DB8::1", "2001:db8:0::1", 443, ""},
                      Case{"", "q.example:1", "[2001:db8::1]:443", "2001:db8::1", 443, ""},
                      Case{"", "q.example:1", "2001:db8::/32", "2001:db8::9", 443, ""}));

INSTANTIATE_TEST_SUITE_P(Loopback, ChooseProxyTest,
                         ::testing::Values(Case{"p.example", "q.example", "", "localhost", 443, ""},
                                           Case{"p.example", "q.example", "", "127.0.0.1", 443, ""},
                                           Case{"p.example", "q.example", "", "127.8.9.1", 443, ""},
                                           Case{"p.example", "q.example", "", "::1", 443, ""}));

TEST(ChooseProxy, CredentialsBecomeBasicAuthorization) {
  const auto chosen = choose_proxy("http://al%20ice:p%40ss:word@p.example:3128", {}, "api.example.com", 443);
  const auto& proxy = std::get<std::optional<ProxyAddress>>(chosen);
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->host, "p.example");
  EXPECT_EQ(proxy->authorization, "Basic YWwgaWNlOnBAc3M6d29yZA==");
}

TEST(ChooseProxy, AUserWithoutAPasswordHasAnEmptyOne) {
  const auto chosen = choose_proxy("http://bob@p.example", {}, "api.example.com", 443);
  EXPECT_EQ(std::get<std::optional<ProxyAddress>>(chosen)->authorization, "Basic Ym9iOg==");
}

TEST(ChooseProxy, WhatCannotBeUnderstoodIsSaidSoWithoutThePassword) {
  for (const char* bad :
       {"https://bob:secret@p.example", "socks5://p.example", "http://", "http://bob:secret@", "p.example:0",
        "p.example:99999", "p.example:x", "http://[::1", "http://p.example/path",
        "http://bob:secret@p.example:3128/path?x"}) {
    const auto chosen = choose_proxy(bad, {}, "api.example.com", 443);
    ASSERT_TRUE(std::holds_alternative<ProxyComplaint>(chosen)) << bad;
    EXPECT_THAT(std::get<ProxyComplaint>(chosen).reason, StartsWith("api.proxy: ")) << bad;
    EXPECT_THAT(std::get<ProxyComplaint>(chosen).reason, HasSubstr("http://[user:password@]host[:port]"));
    EXPECT_THAT(std::get<ProxyComplaint>(chosen).reason, Not(HasSubstr("secret"))) << bad;
  }
}

TEST(ChooseProxy, AVariableThatIsWrongIsNamed) {
  const auto chosen = choose_proxy("", {"socks5://p.example", ""}, "api.example.com", 443);
  ASSERT_TRUE(std::holds_alternative<ProxyComplaint>(chosen));
  EXPECT_THAT(std::get<ProxyComplaint>(chosen).reason,
              StartsWith("HTTPS_PROXY: a proxy of the kind \"socks5\""));
}

}  // namespace
}  // namespace reeld::test
