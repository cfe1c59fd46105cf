#include "codec/front_matter.hpp"

#include <algorithm>
#include <vector>

#include "codec/invisible.hpp"
#include "codec/known_fields.hpp"
#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::string_view toml_fence = "+++";
constexpr std::string_view wide_fence = "\uFF0B\uFF0B\uFF0B";  // as an input method for Chinese gives it
constexpr std::string_view yaml_fence = "---";
constexpr std::string_view yaml_end = "...";  // YAML 1.2.2, 9.1.2: the end of a document

/// The first line, without its end; `text` then begins with the next.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find_first_of("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(line.size());
  if (text.starts_with("\r\n")) {
    text.remove_prefix(2);
  } else if (!text.empty()) {
    text.remove_prefix(1);
  }
  return line;
}

/// But for what nobody sees. Blanks before it are seen.
bool is_fence(std::string_view line, std::string_view fence) {
  const std::size_t at = line.find(fence);
  if (at == std::string_view::npos) return false;
  const std::string_view before = line.substr(0, at);
  const bool is_indented = before.find_first_of(" \t") != std::string_view::npos;
  return !is_indented && !has_visible_character(before) &&
         !has_visible_character(line.substr(at + fence.size()));
}

/// Takes the first line that is not empty, if it is that fence. Returns how many stand above it.
std::optional<std::size_t> take_first_fence(std::string_view& text, std::string_view fence) {
  for (std::size_t above = 0; !text.empty(); ++above) {
    const std::string_view line = take_line(text);
    if (is_fence(line, fence)) return above;
    if (has_visible_character(line)) break;
  }
  return std::nullopt;
}

/// "seconds = 8"
bool sets_known_field(std::string_view line) {
  const std::size_t sign = line.find('=');
  return sign != std::string_view::npos && is_known_field(trim_blanks(line.substr(0, sign)));
}

bool is_yaml_end(std::string_view line) {
  return is_fence(line, yaml_fence) || is_fence(line, yaml_end);
}

/// The lines of `rest` before the first that is an end; `rest` then begins behind it.
template <class IsEnd>
std::optional<std::string_view> take_until(std::string_view& rest, IsEnd is_end) {
  const std::string_view inside = rest;
  while (!rest.empty()) {
    const std::size_t length = inside.size() - rest.size();
    if (is_end(take_line(rest))) return inside.substr(0, length);
  }
  return std::nullopt;
}

bool is_word(std::string_view value) {
  return !value.empty() && std::ranges::all_of(value, [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

bool needs_no_quotes(std::string_view value) {
  const bool is_number = std::ranges::all_of(value, is_digit) && (value.size() == 1 || value[0] != '0');
  return is_number || value == "true" || value == "false";
}

std::string_view drop_quotes(std::string_view value) {
  const bool is_quoted =
      value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.front() == value.back();
  return is_quoted ? value.substr(1, value.size() - 2) : value;
}

/// "seconds: 8" -> "seconds = 8"; "" where it is not as simple as that.
std::string translate_line(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return "";
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim_blanks(line.substr(colon + 2));
  if (!is_known_field(name) || name == "prompt") return "";
  const std::string_view bare = drop_quotes(value);
  if (!is_word(bare)) return std::string(name) + " = \"...\"";
  if (bare == value && needs_no_quotes(value)) return std::string(name) + " = " + std::string(value);
  return std::string(name) + " = \"" + std::string(bare) + "\"";
}

std::vector<std::string> translate_lines(std::string_view yaml) {
  std::vector<std::string> lines;
  while (!yaml.empty()) {
    if (std::string line = translate_line(take_line(yaml)); !line.empty()) lines.push_back(std::move(line));
  }
  if (lines.empty()) lines = {"seconds = 10", "size = \"16x9\""};
  return lines;
}

}  // namespace

std::optional<PromptParts> split_front_matter(std::string_view text) {
  std::string_view rest = text;
  const auto above = take_first_fence(rest, toml_fence);
  if (!above) return PromptParts{{}, text};
  auto inside = take_until(rest, [](std::string_view line) { return is_fence(line, toml_fence); });
  if (!inside) return std::nullopt;
  PromptParts parts{std::string(*above, '\n'), rest};
  while (!inside->empty()) parts.front_matter.append(take_line(*inside)).append("\n");
  return parts;
}

std::optional<std::string_view> find_yaml(std::string_view text) {
  const auto above = take_first_fence(text, yaml_fence);
  if (!above) return std::nullopt;
  const std::string_view below = text;
  std::string_view rest = below;
  const bool sets_field = !translate_line(take_line(rest)).empty();
  const auto inside = take_until(text, is_yaml_end);
  // Elsewhere than at the top, two such lines may be a prompt's own.
  if (inside && (*above == 0 || sets_field)) return inside;
  return sets_field ? std::optional(below) : std::nullopt;
}

bool has_odd_fence(std::string_view text) {
  std::string_view first;
  while (!text.empty() && !has_visible_character(first)) first = take_line(text);
  const bool is_odd =
      first.starts_with(wide_fence) || (first.starts_with(toml_fence) && !first.starts_with("++++"));
  return is_odd && !is_fence(first, toml_fence) && sets_known_field(take_line(text));
}

std::string describe_toml_for(std::string_view yaml) {
  std::string text = "a line +++";
  for (const std::string& line : translate_lines(yaml)) text += ", a line " + line;
  return text + ", a line +++, and the prompt below";
}

}  // namespace reeld
