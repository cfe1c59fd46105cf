#include "http/result_redirect.hpp"

#include <string>

#include "http/web_url.hpp"

namespace reeld {
namespace {

/// A gateway may tell its own path, without what the server in front of it has put before: "/v1/videos".
std::string_view take_last_two(std::string_view target) {
  const std::size_t last = target.rfind('/');
  const std::size_t before = last == 0 || last == std::string_view::npos ? last : target.rfind('/', last - 1);
  return before == std::string_view::npos ? target : target.substr(before);
}

}  // namespace

bool leads_to_result(const Reply& reply, std::string_view target) {
  if (reply.status != 302 && reply.status != 303) return false;
  WebUrl base;
  base.target = target;
  const auto resolved = resolve_reference(base, reply.header("location"));
  const auto* const url = std::get_if<WebUrl>(&resolved);
  if (url == nullptr) return false;
  const std::size_t query = url->target.find('?');
  const std::string_view path = std::string_view(url->target).substr(0, query);
  const std::string_view own = take_last_two(target);
  if (path.ends_with(own)) return reply.status == 303 && query != std::string_view::npos;
  const std::string folder = std::string(own) + "/";
  const std::size_t at = path.find(folder);
  return at != std::string_view::npos &&
         path.find_first_not_of('/', at + folder.size()) != std::string_view::npos;
}

}  // namespace reeld
