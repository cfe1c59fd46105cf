#include "sys/sys_error.hpp"

#include <system_error>

namespace reeld {

SysError make_sys_error(std::string_view doing, std::string_view path, int code) {
  std::string message(doing);
  message.append(" ")
      .append(path.empty() ? "." : path)
      .append(": ")
      .append(std::generic_category().message(code));
  return {code, std::move(message)};
}

}  // namespace reeld
