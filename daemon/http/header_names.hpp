#pragma once
// Request headers that are reeld's own, or that frame the message: nobody else may set them.
//
// Pure. Source: RFC 9110, RFC 9112.

#include <string_view>

namespace reeld {

/// In any case of its letters. But for the header that carries the key, which is a setting.
bool is_header_of_ours(std::string_view name);

}  // namespace reeld
