#pragma once
// A failed system call, told as people need it: what was being done, to which file, and why it failed.

#include <string>
#include <string_view>

namespace reeld {

struct SysError {
  int code = 0;         // errno
  std::string message;  // "open /var/spool/reeld/a.txt: Permission denied"
};

/// Takes the error number explicitly, so that it is read before anything can change it.
SysError make_sys_error(std::string_view doing, std::string_view path, int code);

}  // namespace reeld
