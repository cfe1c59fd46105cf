#include "codec/head_mending.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/ascii.hpp"

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

bool is_chunked_last(std::string_view line) {
  const std::string value = to_lower(trim_blanks(line.substr(std::min(line.find(':') + 1, line.size()))));
  return name_of(line) == "transfer-encoding" &&
         (value == "chunked" || value.ends_with(",chunked") || value.ends_with(" chunked"));
}

}  // namespace

bool mend_head(std::string& head) {
  std::vector<std::string> lines = split_lines(head);
  std::size_t mended = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) mended += close_up_colon(lines[i]) ? 1 : 0;
  if (std::ranges::any_of(lines, is_chunked_last))
    mended += std::erase_if(lines, [](const std::string& line) { return name_of(line) == "content-length"; });
  if (mended == 0) return false;
  head.clear();
  for (const std::string& line : lines) head.append(line).append(line_end);
  return true;
}

}  // namespace reeld
