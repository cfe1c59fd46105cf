#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"
#include "http/http_message.hpp"
#include "http/redirect.hpp"
#include "http/url.hpp"

namespace reeld {
namespace {

/// What goes into a request is one line, and leads where it says.
void check(const WebUrl& url) {
  require(is_host(url.host), "a host is one");
  require(url.target.starts_with('/'), "a target is a path");
  build_request_head("GET", url.target, {{"Host", url.host_header()}});  // throws where it would be two lines
  require(url.origin().find('@') == std::string::npos, "an origin has no user name");
  const auto again = parse_web_url(url.origin() + url.target);
  const auto* const same = std::get_if<WebUrl>(&again);
  require(same != nullptr && *same == url, "a URL that was written is read as the same");
}

}  // namespace

int fuzz_location(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  const WebUrl api{true, "api.example", 443, "/v1/videos/a/content?x=1"};
  RedirectTrail trail(api, {});
  trail.begin(api);
  if (!trail.go_on(text)) {
    check(trail.url());
    require(trail.url().tls, "nothing leads from https to http");
    require(trail.carries_credentials() == is_same_origin(trail.url(), api), "no key leaves the origin");
  } else {
    require(trail.url() == api, "a refusal leads nowhere");
  }
  if (const auto parsed = parse_web_url(text); std::holds_alternative<WebUrl>(parsed))
    check(std::get<WebUrl>(parsed));
  return 0;
}

}  // namespace reeld
