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
  out.resize(cut_text(out, longest).size());
  while (out.ends_with(' ')) out.pop_back();
  return to_valid_utf8(out);
}

std::string_view find_title(std::string_view body, const std::string& lower) {
  const std::size_t tag = lower.find("<title");
  const std::size_t start = tag == std::string::npos ? tag : lower.find('>', tag);
  const std::size_t end = start == std::string::npos ? start : lower.find("</title", start);
  return end == std::string::npos ? std::string_view() : body.substr(start + 1, end - start - 1);
}

/// What stands outside of tags, a blank for each; without scripts and styles.
std::string drop_markup(std::string_view body, const std::string& lower) {
  std::string out;
  for (std::size_t at = 0; at < body.size();) {
    if (body[at] != '<') {
      out += body[at++];
      continue;
    }
    out += ' ';
    std::string_view end = ">";
    for (const std::string_view name : {"script", "style"}) {
      if (lower.compare(at + 1, name.size(), name) == 0) end = name == "script" ? "</script>" : "</style>";
    }
    const std::size_t found = lower.find(end, at);
    if (found == std::string::npos) break;
    at = found + end.size();
  }
  return out;
}

}  // namespace

std::string read_page_words(std::string_view body) {
  body = body.substr(0, searched);
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || body[first] == '{' || body[first] == '[') return {};
  const std::string lower = to_lower(body);
  // Express has no more than that for a title.
  const auto title = find_title(body, lower);
  if (!title.empty() && to_lower(title) != "error") return write_line(title);
  if (body.find('\0') != std::string_view::npos) return {};  // no text
  if (body[first] != '<') return write_line(body.substr(first));
  // As haproxy writes its pages. Other markup (XML) says nothing to people.
  const bool is_html = lower.find("<html") != std::string::npos || lower.find("<body") != std::string::npos ||
                       lower.find("<!doctype html") != std::string::npos;
  return is_html ? write_line(drop_markup(body, lower)) : std::string();
}

}  // namespace reeld
