#include "core/likeness.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::size_t longest = 300;
constexpr std::size_t longest_looked_at = 4096;
constexpr std::size_t shortest_value = 4;  // bytes; a shorter one may be a word of the message itself

/// Of a word as request numbers, times and traces are written.
bool is_of_word(char c) {
  return is_digit(c) || is_letter(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

bool is_inside_word(std::string_view text, std::size_t at) {
  return at > 0 && at < text.size() && is_of_word(text[at - 1]) && is_of_word(text[at]);
}

/// "#" for that value where it stands by itself; both in lower case.
std::string leave_out(std::string_view text, std::string_view value) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(value); at != std::string_view::npos; at = text.find(value, at + 1)) {
    if (at < done || is_inside_word(text, at) || is_inside_word(text, at + value.size())) continue;
    out.append(text.substr(done, at - done)) += '#';
    done = at + value.size();
  }
  return out.append(text.substr(done));
}

/// The longest first, so that none is left with a rest of a longer one.
std::vector<std::string> list_echoed(std::span<const std::string_view> values) {
  std::vector<std::string> out;
  for (const std::string_view value : values) {
    if (value.size() >= shortest_value) out.push_back(to_lower(value));
  }
  std::ranges::sort(out, std::ranges::greater(), [](const std::string& value) { return value.size(); });
  return out;
}

/// In lower case, with "#" for each echo and each word that has a digit in it.
std::string leave_out_numbers(std::string_view text, const std::vector<std::string>& echoed) {
  std::string lower = to_lower(text.substr(0, longest_looked_at));
  for (const std::string& value : echoed) lower = leave_out(lower, value);
  lower.resize(std::min(lower.size(), longest));
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

std::string likeness_of(const ApiReply& reply, std::span<const std::string_view> values) {
  std::string out = std::to_string(reply.status);
  if (!reply.error_object) return out;
  const std::vector<std::string> echoed = list_echoed(values);
  if (!reply.codes.empty()) out += " " + leave_out_numbers(reply.codes.front(), echoed);
  if (!reply.texts.empty()) out += " " + leave_out_numbers(reply.texts.front(), echoed);
  return out;
}

}  // namespace reeld
