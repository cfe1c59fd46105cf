#include "sys/file_trust.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <deque>
#include <filesystem>
#include <string_view>

#include "sys/access_list.hpp"
#include "sys/unique_fd.hpp"
#include "sys/user_name.hpp"

namespace reeld {
namespace {

constexpr int max_links = 40;  // as the kernel has it

struct Place {
  UniqueFd fd;
  struct ::stat status {};
  std::string path;  // for people
};

std::optional<Place> open_place(int folder_fd, const std::string& name, std::string path) {
  Place out;
  out.fd = UniqueFd(::openat(folder_fd, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  out.path = std::move(path);
  if (!out.fd || ::fstat(out.fd.get(), &out.status) != 0) return std::nullopt;
  return out;
}

std::string describe(const std::string& who, const std::string& cure, const std::string& place) {
  const uid_t user = ::geteuid();
  return "it can be changed by others than root" + (user == 0 ? "" : " and " + name_user(user)) + ": " + who +
         " may write " + place + "; run: " + cure + " " + place;
}

std::optional<std::string> find_fault(int fd, const struct ::stat& status, const std::string& path,
                                      const TrustedUsers& trusted) {
  if (!trusted.has(status.st_uid)) return describe(name_user(status.st_uid), "chown root", path);
  const auto other = find_other_writer(fd, status, trusted);
  return other ? std::optional(describe(other->who, other->cure, path)) : std::nullopt;
}

/// Whether others may put something else under that name in that folder.
std::optional<std::string> find_renamer(const Place& folder, const Place& entry,
                                        const TrustedUsers& trusted) {
  const bool is_sticky = (folder.status.st_mode & S_ISVTX) != 0;
  const bool is_kept = is_sticky && trusted.has(folder.status.st_uid) && trusted.has(entry.status.st_uid);
  return is_kept ? std::nullopt : find_fault(folder.fd.get(), folder.status, folder.path, trusted);
}

std::string read_link(int fd) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = ::readlinkat(fd, "", target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : "";
}

/// A descriptor of a process: what it leads to was not opened by a name.
bool is_descriptor(int fd, const std::string& target) {
  struct ::statfs info {};
  if (::fstatfs(fd, &info) != 0 || static_cast<unsigned long>(info.f_type) != PROC_SUPER_MAGIC) return false;
  return target.starts_with('/') || target.find(":[") != std::string::npos;
}

/// Goes the way that the kernel went, name by name.
class Walk {
 public:
  Walk(const std::string& path, const TrustedUsers& trusted) : trusted_(trusted) {
    push(std::filesystem::absolute(path).string());
  }

  /// The first that others may replace. What is not there any more is no fault: it was opened before.
  std::optional<std::string> find_fault() {
    auto root = open_place(AT_FDCWD, "/", "/");
    if (!root) return std::nullopt;
    folder_ = std::move(*root);
    while (!names_.empty()) {
      std::string name = std::move(names_.front());
      names_.pop_front();
      auto entry = open_place(folder_.fd.get(), name, join(name));
      if (!entry) return std::nullopt;
      if (name == "..") {
        entry->path = std::filesystem::path(folder_.path).parent_path().string();
      } else if (auto fault = find_renamer(folder_, *entry, trusted_)) {
        return fault;
      }
      if (!step(std::move(*entry))) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  std::string join(const std::string& name) const {
    return folder_.path + (folder_.path.ends_with('/') ? "" : "/") + name;
  }

  void push(const std::string& path) {
    std::deque<std::string> names;
    for (std::string_view rest = path; !rest.empty();) {
      const std::size_t end = std::min(rest.find('/'), rest.size());
      const std::string_view name = rest.substr(0, end);
      if (!name.empty() && name != ".") names.emplace_back(name);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    names_.insert(names_.begin(), names.begin(), names.end());
  }

  /// False: there is no further to go.
  bool step(Place entry) {
    if (!S_ISLNK(entry.status.st_mode)) {
      folder_ = std::move(entry);
      return true;
    }
    const std::string target = read_link(entry.fd.get());
    if (target.empty() || ++links_ > max_links || is_descriptor(entry.fd.get(), target)) return false;
    push(target);
    if (!target.starts_with('/')) return true;
    auto root = open_place(AT_FDCWD, "/", "/");
    if (!root) return false;
    folder_ = std::move(*root);
    return true;
  }

  const TrustedUsers& trusted_;
  Place folder_;
  std::deque<std::string> names_;
  int links_ = 0;
};

bool is_mounted_by_itself(int fd) {
  struct ::statx info {};
  struct ::statvfs system {};
  const bool is_mount =
      ::statx(fd, "", AT_EMPTY_PATH, 0, &info) == 0 && (info.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return is_mount && ::fstatvfs(fd, &system) == 0 && (system.f_flag & ST_RDONLY) != 0;
}

}  // namespace

std::optional<std::string> find_other_writers(int fd, const std::string& path) {
  struct ::stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const TrustedUsers trusted(::geteuid());
  if (!is_mounted_by_itself(fd)) {
    if (auto fault = find_fault(fd, status, path, trusted)) return fault;
  }
  return Walk(path, trusted).find_fault();
}

}  // namespace reeld
