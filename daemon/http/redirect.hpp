#pragma once
// The way of one download through redirects: where it may go, and what may go along.
//
// Threads: plain values. Source: RFC 9110 10.2.2 (Location), 15.4 (redirects).

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "http/web_url.hpp"

namespace reeld {

/// 301, 302, 303, 307 and 308: a GET goes on at Location.
bool is_redirect(int status);

/// Whether one of `allow` ("host:port", IPv6 in brackets, any case) names where that URL leads.
bool names_place(std::span<const std::string> allow, const WebUrl& url);

struct RedirectRefusal {
  std::string reason;  // for people, behind "the download"; it holds hosts, never paths or queries
};

class RedirectTrail {
 public:
  /// `api`: the API's own URL. `allow`: places that may be spoken to without TLS; the caller's, and outlives
  /// this.
  RedirectTrail(WebUrl api, std::span<const std::string> allow) : api_(std::move(api)), allow_(allow) {}

  /// Where it begins: `/content` of the API, or a link. nullopt: it may.
  std::optional<RedirectRefusal> begin(const WebUrl& url);
  /// The reply redirects there. nullopt: `url()` is where it goes on. At most five.
  std::optional<RedirectRefusal> go_on(std::string_view location);

  const WebUrl& url() const { return url_; }
  /// Whether the key, the headers, the query and the client certificate of [api] go with the request: only to
  /// the API's own origin, and not once the way has led elsewhere.
  bool carries_credentials() const { return carries_credentials_; }

 private:
  std::optional<RedirectRefusal> go_to(const WebUrl& url);

  WebUrl api_;
  std::span<const std::string> allow_;
  WebUrl url_{};
  int redirects_ = 0;
  bool carries_credentials_ = true;
};

}  // namespace reeld
