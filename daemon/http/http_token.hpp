#pragma once
// A token as HTTP means it: the name of a header or of a method. Source: RFC 9110 5.6.2.

#include <string_view>

namespace reeld {

bool is_token(std::string_view text);

}  // namespace reeld
