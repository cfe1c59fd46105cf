#include "http/http_token.hpp"

#include <algorithm>

#include "core/ascii.hpp"

namespace reeld {

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  const auto is_token_character = [&](char c) {
    return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

}  // namespace reeld
