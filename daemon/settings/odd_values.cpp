#include "settings/odd_values.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"

namespace reeld {
namespace {

// Places below an OpenAI-format API's root.
constexpr std::array<std::string_view, 12> places{"chat",   "completions", "responses",   "models",
                                                  "images", "embeddings",  "audio",       "files",
                                                  "edits",  "video",       "moderations", "messages"};

bool is_name_character(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

/// NAME= at its head, as a shell or a .env file has it. Base64 has "=" at its end alone.
bool is_assignment(std::string_view key) {
  const auto equals = key.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == key.size() || key[equals + 1] == '=')
    return false;
  const std::string_view name = key.substr(0, equals);
  const bool is_name = std::ranges::all_of(name, is_name_character) && !is_digit(name.front());
  const bool is_capital = std::ranges::none_of(name, [](char c) { return c != to_upper(c); });
  return is_name && is_capital;
}

/// Without such places at its end.
std::string_view drop_places(std::string_view root) {
  for (;;) {
    const auto slash = root.rfind('/');
    const bool is_place = slash != std::string_view::npos &&
                          std::ranges::find(places, to_lower(root.substr(slash + 1))) != places.end();
    if (!is_place) return root;
    root = root.substr(0, slash);
  }
}

}  // namespace

std::string describe_odd_root(const ApiUrl& url) {
  constexpr std::string_view appended = "/v1/videos";
  const std::string_view target = url.target;
  if (!target.ends_with(appended)) return {};
  const std::string_view root = target.substr(0, target.size() - appended.size());
  std::string_view rest = drop_places(root);
  const bool ends_with_place = rest.size() < root.size();
  if (ends_with_place && to_lower(rest).ends_with("/v1")) rest.remove_suffix(3);
  const std::string begin = "requests will go to " + url.videos_url() + ", which ";
  const std::string scheme = url.tls ? "https://" : "http://";
  if (ends_with_place)
    return begin + "is most likely no API's address; write \"" + scheme + url.host_header +
           std::string(rest) + "\"";
  // As a gateway may have it that has a version of its own.
  if (to_lower(root).find("/v1/") != std::string::npos)
    return begin +
           "has two versions in it; check that the API has its videos there, or give [api] url the whole "
           "address of its videos, which ends in /videos";
  return {};
}

std::string describe_odd_key(std::string_view key) {
  const bool is_quoted =
      key.size() > 2 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front();
  if (is_quoted) return "the key stands in quotes, which are sent with it; write the key alone";
  if (is_assignment(key))
    return "begins with a name and \"=\", which are sent with the key; write the key alone";
  return {};
}

}  // namespace reeld
