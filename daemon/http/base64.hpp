#pragma once
// Bytes as text. Source: RFC 4648 4 (with padding, without line ends).

#include <string>
#include <string_view>

namespace reeld {

std::string encode_base64(std::string_view bytes);

}  // namespace reeld
