#include "codec/prompt.hpp"

#include <optional>

#include "codec/text_encoding.hpp"
#include "codec/utf8.hpp"

namespace reeld {
namespace {

constexpr std::string_view fence = "+++";

/// The first line, without its end; `text` then begins with the next.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Blanks after it are not seen, and so not minded.
bool is_fence(std::string_view line) {
  const std::size_t end = line.find_last_not_of(" \t");
  return end != std::string_view::npos && line.substr(0, end + 1) == fence;
}

struct PromptParts {
  std::string_view front_matter;
  std::string_view rest;
};

/// nullopt where the front matter has no end.
std::optional<PromptParts> split_front_matter(std::string_view text) {
  std::string_view rest = text;
  if (!is_fence(take_line(rest))) return PromptParts{{}, text};
  const std::string_view inside = rest;
  while (!rest.empty()) {
    const std::size_t length = inside.size() - rest.size();
    if (is_fence(take_line(rest))) return PromptParts{inside.substr(0, length), rest};
  }
  return std::nullopt;
}

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

std::optional<std::string> refuse_length(std::size_t characters) {
  if (characters == 0) return "the prompt is empty";
  if (characters <= max_prompt_characters) return std::nullopt;
  return "the prompt has " + std::to_string(characters) + " characters; at most " +
         std::to_string(max_prompt_characters) + " are allowed";
}

}  // namespace

PromptResult read_prompt(std::string_view bytes, const FieldNames& names) {
  if (const auto complaint = check_encoding(bytes)) {
    return PromptRefusal{put_line_before(complaint->line, complaint->reason)};
  }
  const auto parts = split_front_matter(skip_byte_order_mark(bytes));
  if (!parts) return PromptRefusal{"line 1: the front matter has no end: a second line +++ is missing"};
  JobFieldsResult front = read_job_fields(parts->front_matter, names);
  if (front.complaint) return PromptRefusal{describe_complaint(*front.complaint)};

  const std::string_view prompt = drop_last_newline(parts->rest);
  if (auto reason = refuse_length(count_characters(prompt).value_or(0)))
    return PromptRefusal{std::move(*reason)};
  return PromptFile{std::string(prompt), std::move(front.fields)};
}

}  // namespace reeld
