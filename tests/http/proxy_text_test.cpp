#include "http/proxy_text.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ParseProxy, TakesWhatPeopleWrite) {
  const auto parsed = parse_proxy(" HTTP://bob:p%40ss@Proxy.Example:3128/ ");
  const auto& proxy = std::get<ProxyText>(parsed);
  EXPECT_EQ(proxy.user, "bob:p%40ss");
  EXPECT_EQ(proxy.host, "proxy.example");
  EXPECT_EQ(proxy.port, 3128);
  EXPECT_EQ(std::get<ProxyText>(parse_proxy("proxy.example")).port, 80);
  EXPECT_EQ(std::get<ProxyText>(parse_proxy("[::1]:3128")).host, "::1");
  EXPECT_EQ(std::get<ProxyText>(parse_proxy("2001:DB8::1")).host, "2001:db8::1");
}

TEST(ParseProxy, RepeatsNothingThatMayBeAPassword) {
  for (const char* bad : {"https://bob:secret@p.example", "bob:secret@http://p.example",
                          "http://bob:secret:p.example", "http://bob:secret/p.example", "secret://p.example",
                          "http://bob:sec/ret@", "p.example:secret", "bob:secret?x@p.example:x"}) {
    const auto parsed = parse_proxy(bad);
    ASSERT_TRUE(std::holds_alternative<std::string>(parsed)) << bad;
    const std::string& reason = std::get<std::string>(parsed);
    EXPECT_THAT(reason, Not(HasSubstr("sec"))) << bad;
    EXPECT_THAT(reason, HasSubstr("write it as http://[user:password@]host[:port]")) << bad;
  }
}

TEST(ParseProxy, NamesTheKindThatIsNotSupported) {
  EXPECT_THAT(std::get<std::string>(parse_proxy("socks5://p:1080")), HasSubstr("\"socks5\""));
}

}  // namespace
}  // namespace reeld
