#include "core/key_mask.hpp"

#include <algorithm>
#include <optional>

#include "core/hex.hpp"

namespace reeld {
namespace {

/// Before a character that is escaped: each level of JSON in JSON doubles them. A longer run is nobody's
/// escaping, and may be as long as an answer.
constexpr std::size_t max_slashes = 64;

/// How many bytes at the beginning of `text` stand for that character; 0: others.
std::size_t match_escaped(std::string_view text, char wanted) {
  const auto code = static_cast<unsigned char>(wanted);
  if (text.front() == '%') return read_hex(text.substr(1), 2) == code ? 3 : 0;
  const std::string_view start = text.substr(0, max_slashes + 1);
  const std::size_t slashes = std::min(start.find_first_not_of('\\'), start.size());
  if (slashes == 0 || slashes == start.size()) return 0;
  const std::string_view rest = text.substr(slashes);
  if (rest.front() == 'u' && read_hex(rest.substr(1), 4) == code) return slashes + 5;
  return rest.front() == wanted ? slashes + 1 : 0;
}

std::size_t match(std::string_view text, std::string_view key) {
  std::string_view rest = text;
  for (const char wanted : key) {
    if (rest.empty()) return 0;
    std::size_t length = match_escaped(rest, wanted);
    if (length == 0 && rest.front() == wanted) length = 1;
    if (length == 0) return 0;
    rest.remove_prefix(length);
  }
  return text.size() - rest.size();
}

}  // namespace

std::string take_out_key(std::string text, std::string_view key, std::string_view mark) {
  if (key.empty()) return text;
  std::string out;
  std::size_t taken = 0;  // of `text`, into `out`
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const bool may_begin = c == key.front() || c == '\\' || c == '%';
    const std::size_t length = may_begin ? match(std::string_view(text).substr(at), key) : 0;
    if (length == 0) {
      ++at;
      continue;
    }
    out.append(text, taken, at - taken).append(mark);
    at += length;
    taken = at;
  }
  if (taken == 0) return text;
  return out.append(text, taken);
}

}  // namespace reeld
