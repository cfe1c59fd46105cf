#include "codec/page_words.hpp"

#include "core/ascii.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

constexpr std::size_t longest = 200;
constexpr std::size_t searched = 16 * 1024;

bool is_white(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

/// On one line, with one blank where there were any, and cut before a character that has no room.
std::string write_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_white(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
    if (out.size() > longest) break;
  }
  if (out.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
    out.resize(end);
  }
  while (out.ends_with(' ')) out.pop_back();
  return to_valid_utf8(out);
}

std::string_view find_title(std::string_view body, const std::string& lower) {
  const std::size_t tag = lower.find("<title");
  const std::size_t start = tag == std::string::npos ? tag : lower.find('>', tag);
  const std::size_t end = start == std::string::npos ? start : lower.find("</title", start);
  return end == std::string::npos ? std::string_view() : body.substr(start + 1, end - start - 1);
}

}  // namespace

std::string read_page_words(std::string_view body) {
  body = body.substr(0, searched);
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || body[first] == '{' || body[first] == '[') return {};
  if (const auto title = find_title(body, to_lower(body)); !title.empty()) return write_line(title);
  // Markup without a title says nothing to people; what is no text, neither.
  const bool is_text = body[first] != '<' && body.find('\0') == std::string_view::npos;
  return is_text ? write_line(body.substr(first)) : std::string();
}

}  // namespace reeld
