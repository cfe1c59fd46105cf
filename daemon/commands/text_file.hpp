#pragma once
// Small files of the administrator's, read whole: the configuration and the API key.

#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "sys/sys_error.hpp"

namespace reeld {

struct TextFile {
  std::string text;
  mode_t mode = 0;         // permission bits
  bool is_regular = true;  // else a pipe or a device: what it held is gone once it was read
};

enum class TextSource {
  regular,  // regular files only
  any,      // pipes and devices too, whose writer and end are waited for
};

/// Follows links: these paths are the administrator's own. Errors: not there, not readable, a folder, no
/// regular file where it has to be, longer than `most` bytes (`code` is EFBIG), or one that others can change
/// or replace (`code` is `others_may_write`, and the message has the cure).
inline constexpr int others_may_write = EKEYREJECTED;
std::variant<TextFile, SysError> read_text_file(const std::string& path, std::size_t most,
                                                TextSource source = TextSource::regular);

/// Of a file that every user may read: which mode it has, and what to run, for people. "" : it is not so.
/// `what` is in it: "the API key".
std::string describe_openness(const TextFile& file, const std::string& path, std::string_view what);

}  // namespace reeld
