#include "http/head_mending.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/ascii.hpp"
#include "http/http_token.hpp"

namespace reeld {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view line_end = "\r\n";

std::vector<std::string> split_lines(std::string_view head) {
  std::vector<std::string> lines;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find(line_end), head.size());
    lines.emplace_back(head.substr(0, end));
    head.remove_prefix(std::min(end + line_end.size(), head.size()));
  }
  return lines;
}

std::string name_of(std::string_view line) {
  return to_lower(trim_blanks(line.substr(0, std::min(line.find(':'), line.size()))));
}

/// A folded line (RFC 9112 5.2) begins with a blank, and is no header of its own.
bool close_up_colon(std::string& line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos || colon == 0 || blanks.find(line.front()) != std::string_view::npos)
    return false;
  const std::size_t name_end = line.find_last_not_of(blanks, colon - 1) + 1;
  if (name_end == 0 || name_end == colon) return false;
  line.erase(name_end, colon - name_end);
  return true;
}

std::string_view value_of(std::string_view line) {
  return trim_blanks(line.substr(std::min(line.find(':') + 1, line.size())));
}

bool is_chunked_last(std::string_view line) {
  const std::string value = to_lower(value_of(line));
  return name_of(line) == "transfer-encoding" &&
         (value == "chunked" || value.ends_with(",chunked") || value.ends_with(" chunked"));
}

bool is_identity(std::string_view line) {
  return name_of(line) == "transfer-encoding" && to_lower(value_of(line)) == "identity";
}

bool is_folded(std::string_view line) {
  return !line.empty() && blanks.find(line.front()) != std::string_view::npos;
}

bool is_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  const auto is_odd = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; };
  return colon != std::string_view::npos && is_token(line.substr(0, colon)) &&
         std::ranges::none_of(line, is_odd);
}

/// With what is folded into them.
std::size_t take_out_garbage(std::vector<std::string>& lines) {
  std::size_t taken = 0;
  bool is_out = false;
  for (std::size_t i = 1; i < lines.size() && !lines[i].empty();) {
    is_out = is_folded(lines[i]) ? is_out : !is_header(lines[i]);
    if (is_out) {
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
      ++taken;
    } else {
      ++i;
    }
  }
  return taken;
}

/// All but the first of several.
std::size_t take_out_repeats(std::vector<std::string>& lines) {
  const auto first = std::ranges::find_if(lines, is_chunked_last);
  if (first == lines.end()) return 0;
  const auto rest = std::remove_if(first + 1, lines.end(), is_chunked_last);
  const auto taken = static_cast<std::size_t>(lines.end() - rest);
  lines.erase(rest, lines.end());
  return taken;
}

}  // namespace

bool mend_head(std::string& head) {
  std::vector<std::string> lines = split_lines(head);
  std::size_t mended = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) mended += close_up_colon(lines[i]) ? 1 : 0;
  mended += take_out_garbage(lines);
  mended += take_out_repeats(lines);
  mended += std::erase_if(lines, is_identity);
  if (std::ranges::any_of(lines, is_chunked_last))
    mended += std::erase_if(lines, [](const std::string& line) { return name_of(line) == "content-length"; });
  if (mended == 0) return false;
  head.clear();
  for (const std::string& line : lines) head.append(line).append(line_end);
  return true;
}

}  // namespace reeld
