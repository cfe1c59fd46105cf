#pragma once
// Small files of the administrator's, read whole: the configuration and the API key.

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <variant>

#include "sys/sys_error.hpp"

namespace reeld {

struct TextFile {
  std::string text;
  mode_t mode = 0;  // permission bits
};

/// Follows links: these paths are the administrator's own. Errors: not there, not readable, not a regular
/// file, or longer than `most` bytes (`code` is EFBIG).
std::variant<TextFile, SysError> read_text_file(const std::string& path, std::size_t most);

}  // namespace reeld
