#include "settings/api_key.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_key = 8192;

std::string_view trim_end(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

}  // namespace

std::variant<std::string, ApiKeyComplaint> check_api_key(std::string_view text) {
  const std::string_view key = trim_end(text);
  if (key.empty()) return ApiKeyComplaint{"is empty; the API key must be in it"};
  if (key.size() > max_key) return ApiKeyComplaint{"is longer than 8192 characters; that is not an API key"};
  if (key.starts_with("Bearer ")) return ApiKeyComplaint{"begins with \"Bearer \"; write the key alone"};
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r')
      return ApiKeyComplaint{"has more than one line; write the key alone, on one line"};
    if (c == ' ' || c == '\t') return ApiKeyComplaint{"has a space within the key; write the key alone"};
    if (byte < 0x20 || byte == 0x7f) return ApiKeyComplaint{"has a control character within the key"};
    if (byte >= 0x80) return ApiKeyComplaint{"has a character that is not ASCII within the key"};
  }
  return std::string(key);
}

}  // namespace reeld
