#include "commands/check/check_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "sys/sys_error.hpp"

namespace reeld {
namespace {

/// What stands against adding lines to it, as errno; a pipe is not asked for its reader, who would see it
/// end.
int find_fault(const std::string& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return EISDIR;
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0 ? 0 : errno;
  }
  if (errno != ENOENT) return errno;
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

}  // namespace

void check_log(const LogSettings& log, CheckReport& report) {
  if (log.file.empty()) return;
  report.say("log file", log.file);
  if (const int fault = find_fault(log.file))
    report.complain(make_sys_error("open the log file", log.file, fault).message);
}

}  // namespace reeld
