#include "codec/http_message.hpp"

#include <algorithm>
#include <stdexcept>

namespace reeld {
namespace {

/// RFC 9110 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  const auto is_token_character = [&](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool has_line_breaker(std::string_view text) {
  using namespace std::string_view_literals;
  return text.find_first_of("\r\n\0"sv) != std::string_view::npos;
}

void check_request_line(std::string_view method, std::string_view target) {
  if (!is_token(method)) throw std::invalid_argument("not a request method: " + std::string(method));
  if (target.empty() || has_line_breaker(target) || target.find(' ') != std::string_view::npos) {
    throw std::invalid_argument("not a request target: " + std::string(target));
  }
}

/// The value stays out of the message: it may be a secret.
void check_header(std::string_view name, std::string_view value) {
  if (!is_token(name)) throw std::invalid_argument("not a header name: " + std::string(name));
  if (has_line_breaker(value)) {
    throw std::invalid_argument("the value of the header " + std::string(name) +
                                " holds a line break or a NUL");
  }
}

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool are_equal_names(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

}  // namespace

std::string build_request_head(std::string_view method, std::string_view target, const Headers& headers) {
  check_request_line(method, target);
  std::string head = std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) {
    check_header(name, value);
    head += name;
    head += ": ";
    head += value;
    head += "\r\n";
  }
  return head + "\r\n";
}

std::string_view Reply::header(std::string_view name) const {
  const auto found =
      std::ranges::find_if(headers, [name](const auto& field) { return are_equal_names(field.first, name); });
  return found == headers.end() ? std::string_view() : found->second;
}

}  // namespace reeld
