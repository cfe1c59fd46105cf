#include "codec/prompt.hpp"

#include <array>
#include <cstdio>
#include <optional>

#include "codec/front_matter.hpp"
#include "codec/invisible.hpp"
#include "codec/text_encoding.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

std::string_view drop_last_newline(std::string_view text) {
  if (!text.ends_with('\n')) return text;
  text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string put_line_before(int line, std::string_view reason) {
  if (line <= 0) return std::string(reason);
  return "line " + std::to_string(line) + ": " + std::string(reason);
}

/// The front matter's first line is the file's second.
std::string describe_complaint(const TomlComplaint& complaint) {
  const std::string key = complaint.key.empty() ? "" : complaint.key + ": ";
  return put_line_before(complaint.line == 0 ? 0 : complaint.line + 1, key + complaint.reason);
}

std::string name_code_point(char32_t character) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(character));
  return text.data();
}

/// Of a text in which nothing can be seen.
std::string refuse_invisible(std::string_view prompt) {
  constexpr std::size_t max_named = 4;
  std::vector<char32_t> odd = list_odd_blanks(prompt);
  if (odd.empty()) return "the prompt is empty: it has nothing but blanks and line ends";
  if (odd.size() > max_named) odd.resize(max_named);
  std::string names;
  for (const char32_t character : odd) names += (names.empty() ? "" : ", ") + name_code_point(character);
  return "the prompt is empty: it has no character that can be seen, only blanks and the like (" + names +
         ")";
}

std::optional<std::string> refuse_content(std::string_view prompt, bool has_front_matter) {
  if (prompt.empty() && has_front_matter) return "the prompt is empty: nothing stands below the front matter";
  if (prompt.empty()) return "the prompt is empty";
  if (!has_visible_character(prompt)) return refuse_invisible(prompt);
  const std::size_t characters = count_characters(prompt).value_or(0);
  if (characters <= max_prompt_characters) return std::nullopt;
  return "the prompt has " + std::to_string(characters) + " characters; at most " +
         std::to_string(max_prompt_characters) + " are allowed";
}

}  // namespace

PromptResult read_prompt(std::string_view bytes, const FieldNames& names) {
  if (const auto complaint = check_encoding(bytes)) {
    return PromptRefusal{put_line_before(complaint->line, complaint->reason)};
  }
  const std::string_view text = skip_byte_order_mark(bytes);
  if (const auto yaml = find_yaml(text)) {
    return PromptRefusal{
        "line 1: front matter between --- lines is YAML, which is not read here, and it is not sent as "
        "a prompt; write it as TOML: " +
        describe_toml_for(*yaml)};
  }
  if (has_odd_fence(text))
    return PromptRefusal{"line 1: front matter begins and ends with a line +++ that has nothing else in it"};
  const auto parts = split_front_matter(text);
  if (!parts) return PromptRefusal{"line 1: the front matter has no end: a second line +++ is missing"};
  JobFieldsResult front = read_job_fields(parts->front_matter, names);
  if (front.complaint) return PromptRefusal{describe_complaint(*front.complaint)};

  const std::string_view prompt = drop_last_newline(parts->rest);
  const bool has_front_matter = parts->rest.size() < text.size();
  if (auto reason = refuse_content(prompt, has_front_matter)) return PromptRefusal{std::move(*reason)};
  return PromptFile{std::string(prompt), std::move(front.fields)};
}

}  // namespace reeld
