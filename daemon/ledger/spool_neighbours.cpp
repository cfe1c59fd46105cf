#include "ledger/spool_neighbours.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "sys/folder_reader.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

// What a spool is known by, whoever serves it.
bool has_marker(const fs::path& folder) {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder / ".reeld" / "spool", error));
}

std::optional<fs::path> find_above(const fs::path& spool) {
  for (fs::path folder = spool; folder != folder.root_path();) {
    folder = folder.parent_path();
    if (has_marker(folder)) return folder;
  }
  return std::nullopt;
}

// By kind alone, without a look at each of what may be a million files. Hidden folders are never part of a
// spool.
std::optional<fs::path> find_below(int folder_fd, const fs::path& path) {
  FolderReader reader(folder_fd);
  while (const auto entry = reader.next()) {
    if (entry->kind != EntryKind::folder || entry->name.starts_with('.')) continue;
    auto opened = open_folder_beneath(folder_fd, entry->name);
    const auto* const fd = std::get_if<UniqueFd>(&opened);
    if (fd == nullptr) continue;
    const fs::path below = path / entry->name;
    struct ::stat status {};
    if (::fstatat(fd->get(), ".reeld/spool", &status, AT_SYMLINK_NOFOLLOW) == 0) return below;
    if (auto found = find_below(fd->get(), below)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_overlap(const std::string& spool_path) {
  std::error_code error;
  const fs::path spool = fs::canonical(spool_path, error);
  if (error) return "spool " + spool_path + ": " + error.message();
  if (const auto above = find_above(spool)) {
    return "spool " + spool_path + " lies within another spool, " + above->string() +
           "; choose a folder outside it";
  }
  const UniqueFd fd(::open(spool.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return std::nullopt;  // whoever opens it will say so
  if (const auto below = find_below(fd.get(), spool)) {
    return "spool " + spool_path + " has another spool within it, " + below->string() +
           "; choose a folder without one";
  }
  return std::nullopt;
}

}  // namespace reeld
