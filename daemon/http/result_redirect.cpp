#include "http/result_redirect.hpp"

#include <algorithm>
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

/// "videos" of "/v1/videos"
std::string find_last_name(std::string_view target) {
  const std::string path = find_place(target).path;
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

bool leads_to_result(const Reply& reply, std::string_view target) {
  if (reply.status < 301 || reply.status > 303) return false;
  const Place place = read_location(reply, target);
  const bool is_sure = reply.status == 303;
  const std::string folder = "/" + find_last_name(target);
  if (place.path.ends_with(folder)) return is_sure && place.has_query;
  const std::size_t at = place.path.find(folder + "/");
  if (at == std::string::npos) return false;
  const std::string_view beneath = std::string_view(place.path).substr(at + folder.size() + 1);
  return is_sure || std::ranges::any_of(beneath, is_digit);
}

}  // namespace reeld
