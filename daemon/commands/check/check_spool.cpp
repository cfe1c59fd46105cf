#include "commands/check/check_spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "ledger/spool_neighbours.hpp"
#include "settings/units.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

void describe_file_system(int fd, const SpoolSettings& spool, CheckReport& report) {
  const auto found = find_file_system_kind(fd, spool.path);
  if (const auto* error = std::get_if<SysError>(&found)) return report.complain(error->message);
  const auto& kind = std::get<FileSystemKind>(found);
  std::string text = spool.path + (spool.recursive ? ", with its sub-folders" : ", without its sub-folders");
  if (kind.hides_remote_writers) {
    text += "; on " + std::string(kind.name) + ", which cannot be watched: scanned every " +
            format_duration(spool.poll);
  } else {
    text += "; watched, and scanned every " + format_duration(spool.rescan);
  }
  report.say("spool", text);
}

}  // namespace

void check_spool(const SpoolSettings& spool, CheckReport& report) {
  const UniqueFd fd(::open(spool.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    const SysError error = make_sys_error("open the spool", spool.path, errno);
    return report.complain(error.message +
                           "; create the directory, owned by the user that reeld runs as, or name another");
  }
  describe_file_system(fd.get(), spool, report);
  if (::faccessat(fd.get(), ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
    const SysError error = make_sys_error("write to the spool", spool.path, errno);
    report.complain(error.message +
                    "; results are written beside their pairs, so reeld's user needs to write there");
  }
  if (const auto overlap = find_overlap(spool.path)) report.complain(*overlap);
}

}  // namespace reeld
