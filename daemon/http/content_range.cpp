#include "http/content_range.hpp"

#include <charconv>

#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::string_view bytes_unit = "bytes";

/// Digits, and nothing else.
std::optional<std::uint64_t> read_count(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stop != end) return std::nullopt;
  return count;
}

/// Source: RFC 9110 8.8.3 (etagc).
bool is_etag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte <= 0x7e) || byte >= 0x80;
}

std::optional<std::uint64_t> read_length(const Reply& reply) {
  return read_count(reply.header("content-length"));
}

ResumeAnswer judge_part(const Reply& reply, const PartialFile& partial) {
  constexpr ResumeAnswer useless{ResumeKind::ask_again};
  const auto range = parse_content_range(reply.header("content-range"));
  if (!range || !range->is_satisfied || range->first != partial.size) return useless;
  if (range->whole && partial.length && *range->whole != *partial.length) return useless;
  // A server has to repeat the ETag; where another stands there, it has not looked at If-Range.
  const std::string_view etag = reply.header("etag");
  if (!etag.empty() && etag != partial.etag) return useless;
  const std::uint64_t expected = range->last - range->first + 1;
  if (const auto length = read_length(reply); length && *length != expected) return useless;
  return {ResumeKind::append, expected, range->whole ? range->whole : partial.length};
}

/// The range asked for begins at the file's end, or behind it.
ResumeAnswer judge_unsatisfied(const Reply& reply, const PartialFile& partial) {
  const auto range = parse_content_range(reply.header("content-range"));
  const bool is_whole = range && !range->is_satisfied && range->whole == partial.size &&
                        (!partial.length || *partial.length == partial.size);
  if (!is_whole) return {ResumeKind::ask_again};
  return {ResumeKind::whole, std::nullopt, partial.size};
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view value) {
  value = trim_blanks(value);
  const auto space = value.find(' ');
  if (space == std::string_view::npos || to_lower(value.substr(0, space)) != bytes_unit) return std::nullopt;
  const std::string_view rest = trim_blanks(value.substr(space));
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view span = rest.substr(0, slash);
  const std::string_view whole_text = rest.substr(slash + 1);
  ContentRange range;
  range.whole = read_count(whole_text);
  if (!range.whole && whole_text != "*") return std::nullopt;
  if (span == "*") {
    range.is_satisfied = false;
    return range.whole ? std::optional(range) : std::nullopt;
  }
  const auto dash = span.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = read_count(span.substr(0, dash));
  const auto last = read_count(span.substr(dash + 1));
  if (!first || !last || *last < *first || (range.whole && *last >= *range.whole)) return std::nullopt;
  range.first = *first;
  range.last = *last;
  return range;
}

bool is_strong_etag(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return false;
  for (const char c : value.substr(1, value.size() - 2)) {
    if (!is_etag_character(c)) return false;
  }
  return true;
}

bool can_resume(const PartialFile& partial) {
  return partial.size > 0 && is_strong_etag(partial.etag);
}

Headers resume_headers(const PartialFile& partial) {
  return {{"Range", "bytes=" + std::to_string(partial.size) + "-"}, {"If-Range", partial.etag}};
}

ResumeAnswer judge_resume(const Reply& reply, const std::optional<PartialFile>& partial) {
  if (reply.status == 206) return partial ? judge_part(reply, *partial) : ResumeAnswer{ResumeKind::ask_again};
  if (reply.status == 416 && partial) return judge_unsatisfied(reply, *partial);
  if (reply.status != 200 && reply.status != 203) return {ResumeKind::refused};
  const auto length = read_length(reply);
  return {ResumeKind::replace, length, length};
}

}  // namespace reeld
