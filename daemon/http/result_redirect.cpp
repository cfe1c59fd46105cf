#include "http/result_redirect.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.hpp"
#include "http/web_url.hpp"

namespace reeld {
namespace {

struct Place {
  std::string path;  // lower case, each of its slashes once, none at its end
  bool has_query = false;
};

Place find_place(std::string_view target) {
  target = target.substr(0, target.find('#'));
  const std::size_t query = target.find('?');
  Place out;
  out.has_query = query != std::string_view::npos;
  for (const char c : to_lower(target.substr(0, query))) {
    if (c != '/' || !out.path.ends_with('/')) out.path += c;
  }
  if (out.path.ends_with('/')) out.path.pop_back();
  return out;
}

/// Of a URL as it is, where it could not be understood: what stands behind its host.
std::string_view skip_host(std::string_view location) {
  const std::size_t host = location.find("//");
  if (host == std::string_view::npos) return location;
  const std::size_t path = location.find('/', host + 2);
  return path == std::string_view::npos ? std::string_view() : location.substr(path);
}

Place read_location(const Reply& reply, std::string_view target) {
  const std::string_view location = reply.header("location");
  WebUrl base;
  base.target = target;
  const auto resolved = resolve_reference(base, location);
  const auto* const url = std::get_if<WebUrl>(&resolved);
  return find_place(url != nullptr ? std::string_view(url->target) : skip_host(location));
}

/// The last `count` parts of a path: "/v1/videos".
std::string take_last(const std::string& path, int count) {
  std::size_t at = path.size();
  for (; count > 0 && at > 0; --count) at = path.rfind('/', at - 1);
  return path.substr(at == std::string::npos ? 0 : at);
}

/// What stands beneath that folder, wherever it lies; "" where nothing does.
std::string_view find_beneath(const std::string& path, const std::string& folder) {
  const std::size_t at = path.find(folder + "/");
  return at == std::string::npos ? std::string_view() : std::string_view(path).substr(at + folder.size() + 1);
}

/// No job's name, but what login pages are called.
bool is_of_site(std::string_view beneath) {
  static constexpr std::array<std::string_view, 9> names{"login", "signin", "sign-in", "sign_in", "sso",
                                                         "oauth", "oauth2", "auth",    "saml"};
  return std::ranges::find(names, beneath.substr(0, beneath.find('/'))) != names.end();
}

}  // namespace

bool leads_to_result(const Reply& reply, std::string_view target) {
  if (reply.status < 301 || reply.status > 303) return false;
  const Place place = read_location(reply, target);
  const std::string own = find_place(target).path;
  const bool is_sure = reply.status == 303;
  if (place.path.ends_with(take_last(own, 1))) return is_sure && place.has_query;
  if (const auto beneath = find_beneath(place.path, take_last(own, 2)); !beneath.empty())
    return is_sure || !is_of_site(beneath);
  const std::string_view beneath = find_beneath(place.path, take_last(own, 1));
  const bool is_like_id = std::ranges::any_of(beneath, is_digit) && !is_of_site(beneath);
  return !beneath.empty() && (is_sure || is_like_id);
}

}  // namespace reeld
