#include "http/redirect.hpp"

#include <algorithm>
#include <array>

namespace reeld {
namespace {

constexpr int most_redirects = 5;

}  // namespace

bool is_redirect(int status) {
  constexpr std::array statuses{301, 302, 303, 307, 308};
  return std::ranges::find(statuses, status) != statuses.end();
}

bool names_place(std::span<const std::string> allow, const WebUrl& url) {
  return std::ranges::any_of(allow, [&](const std::string& place) {
    // A URL reads it as it reads the rest: in any case, and IPv6 in any form.
    const auto parsed = parse_web_url((url.tls ? "https://" : "http://") + place);
    const auto* const named = std::get_if<WebUrl>(&parsed);
    return named != nullptr && is_same_origin(*named, url);
  });
}

std::optional<RedirectRefusal> RedirectTrail::begin(const WebUrl& url) {
  redirects_ = 0;
  carries_credentials_ = true;
  return go_to(url);
}

std::optional<RedirectRefusal> RedirectTrail::go_on(std::string_view location) {
  if (location.empty()) return RedirectRefusal{"is redirected to nowhere: there is no Location"};
  if (++redirects_ > most_redirects) return RedirectRefusal{"is redirected more than five times"};
  const auto resolved = resolve_reference(url_, location);
  if (const auto* const complaint = std::get_if<WebUrlComplaint>(&resolved))
    return RedirectRefusal{"is redirected to a URL that " + complaint->reason};
  return go_to(std::get<WebUrl>(resolved));
}

std::optional<RedirectRefusal> RedirectTrail::go_to(const WebUrl& url) {
  if (!url.tls && api_.tls && !names_place(allow_, url)) {
    return RedirectRefusal{"leads to " + url.origin() +
                           ", which is not https; where that is right, name host and port in [follow] allow"};
  }
  carries_credentials_ = carries_credentials_ && is_same_origin(url, api_);
  url_ = url;
  return std::nullopt;
}

}  // namespace reeld
