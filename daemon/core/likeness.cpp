#include "core/likeness.hpp"

#include <algorithm>

#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::size_t longest = 300;

/// Of a word as request numbers, times and traces are written.
bool is_of_word(char c) {
  return is_digit(c) || is_letter(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

/// In lower case, with "#" for each word that has a digit in it.
std::string leave_out_numbers(std::string_view text) {
  const std::string lower = to_lower(text.substr(0, longest));
  std::string out;
  for (auto it = lower.begin(); it != lower.end();) {
    const auto end = std::find_if_not(it, lower.end(), is_of_word);
    if (it == end) {
      out += *it++;
      continue;
    }
    if (std::any_of(it, end, is_digit)) {
      out += '#';
    } else {
      out.append(it, end);
    }
    it = end;
  }
  return out;
}

}  // namespace

std::string likeness_of(const ApiReply& reply) {
  std::string out = std::to_string(reply.status);
  if (!reply.error_object) return out;
  if (!reply.codes.empty()) out += " " + leave_out_numbers(reply.codes.front());
  if (!reply.texts.empty()) out += " " + leave_out_numbers(reply.texts.front());
  return out;
}

}  // namespace reeld
