#pragma once
// What an API key may look like. Pure; where keys come from is runtime/key_source.

#include <string>
#include <string_view>
#include <variant>

namespace reeld {

/// Says what is wrong with a key without showing any of it. Reads well after "/etc/reeld/api-key: ".
struct ApiKeyComplaint {
  std::string reason;
};

/// The key without the newline, spaces and tabs that editors and `echo` leave at its end. What is left must
/// be printable ASCII without spaces: it becomes part of an HTTP header.
std::variant<std::string, ApiKeyComplaint> check_api_key(std::string_view text);

}  // namespace reeld
