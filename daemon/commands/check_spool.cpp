#include "commands/check_spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "settings/units.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

// What a spool is known by, whoever serves it.
bool has_marker(const fs::path& folder) {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder / ".reeld" / "spool", error));
}

std::optional<fs::path> find_spool_above(const fs::path& spool) {
  for (fs::path folder = spool; folder != folder.root_path();) {
    folder = folder.parent_path();
    if (has_marker(folder)) return folder;
  }
  return std::nullopt;
}

// Hidden folders are not looked into: they are never part of a spool.
std::optional<fs::path> find_spool_below(const fs::path& spool) {
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator entry(spool, options, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_directory(gone) || entry->is_symlink(gone)) continue;
    if (entry->path().filename().native().starts_with('.')) {
      entry.disable_recursion_pending();
    } else if (has_marker(entry->path())) {
      return entry->path();
    }
  }
  return std::nullopt;
}

void check_neighbours(const std::string& path, CheckReport& report) {
  std::error_code error;
  const fs::path spool = fs::canonical(path, error);
  if (error) return report.complain("spool " + path + ": " + error.message());
  if (const auto above = find_spool_above(spool)) {
    report.complain("spool " + path + " lies within another spool, " + above->string() +
                    "; choose a folder outside it");
  }
  if (const auto below = find_spool_below(spool)) {
    report.complain("spool " + path + " has another spool within it, " + below->string() +
                    "; choose a folder without one");
  }
}

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
  check_neighbours(spool.path, report);
}

}  // namespace reeld
