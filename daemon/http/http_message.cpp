#include "http/http_message.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/ascii.hpp"
#include "http/http_token.hpp"

namespace reeld {
namespace {

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

bool are_equal_names(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
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
