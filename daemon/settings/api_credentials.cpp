#include "settings/api_credentials.hpp"

#include <algorithm>

#include "core/ascii.hpp"

namespace reeld {

bool is_authorization(std::string_view header) {
  return to_lower(header) == "authorization";
}

Secrets list_secrets(const ApiSettings& api, const ApiCredentials& credentials) {
  Secrets secrets(credentials.key);
  for (const RequestHeader& header : credentials.headers) {
    if (header.is_secret) secrets.add(header.value);
  }
  for (const std::string& value : api.url.query_secrets()) secrets.add(value);
  return secrets;
}

std::variant<std::string, HeaderComplaint> check_header_value(std::string_view text) {
  constexpr std::size_t max_value = 8192;
  const auto last = text.find_last_not_of(" \t\r\n");
  const std::string_view value = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  if (value.empty()) return HeaderComplaint{"is empty; write the header's value, or remove the header"};
  if (value.size() > max_value)
    return HeaderComplaint{"is longer than 8192 characters; that is too long for a header"};
  if (value.front() == ' ' || value.front() == '\t') return HeaderComplaint{"begins with a blank; remove it"};
  for (const char c : value) {
    if (c == '\n' || c == '\r')
      return HeaderComplaint{"has more than one line; a header's value is on one line"};
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
      return HeaderComplaint{"has a control character in it; remove it"};
  }
  return std::string(value);
}

}  // namespace reeld
