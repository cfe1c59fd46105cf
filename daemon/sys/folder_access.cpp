#include "sys/folder_access.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

namespace reeld {
namespace {

constexpr int creation = W_OK | X_OK;

/// By the real user, which every kernel and every sandbox knows.
bool is_refused_to_the_real_user(int folder_fd) {
  return ::faccessat(folder_fd, ".", creation, 0) != 0 && errno == EPERM;
}

std::string name_of_group(::gid_t id) {
  std::vector<char> space(16'384);
  ::group entry{};
  ::group* found = nullptr;
  const bool is_known = ::getgrgid_r(id, &entry, space.data(), space.size(), &found) == 0 && found != nullptr;
  return is_known ? found->gr_name : std::to_string(id);
}

std::string name_of_user(::uid_t id) {
  std::vector<char> space(16'384);
  ::passwd entry{};
  ::passwd* found = nullptr;
  const bool is_known = ::getpwuid_r(id, &entry, space.data(), space.size(), &found) == 0 && found != nullptr;
  return is_known ? found->pw_name : std::to_string(id);
}

bool is_member(::gid_t group) {
  if (group == ::getegid()) return true;
  const int count = ::getgroups(0, nullptr);
  std::vector<::gid_t> groups(count > 0 ? static_cast<std::size_t>(count) : 0);
  if (groups.empty() || ::getgroups(count, groups.data()) < 0) return false;
  return std::ranges::find(groups, group) != groups.end();
}

bool has_access_list(int folder_fd) {
  return ::fgetxattr(folder_fd, "system.posix_acl_access", nullptr, 0) > 0;
}

/// Which of the three classes of a mode reeld is in decides what helps.
std::string describe_permission(int folder_fd, const std::string& path) {
  struct ::stat info {};
  if (::fstat(folder_fd, &info) != 0) return "give reeld's user the right to write there";
  const std::string quoted = quote_for_shell(path);
  if (info.st_uid == ::geteuid()) return "chmod u+wx " + quoted;
  const bool is_open_to_group = (info.st_mode & (S_IWGRP | S_IXGRP)) == (S_IWGRP | S_IXGRP);
  // With an access control list the mode's middle is the list's mask: what it allows says nothing of reeld.
  if (is_open_to_group && has_access_list(folder_fd))
    return "setfacl -m u:" + name_of_user(::geteuid()) + ":rwx " + quoted;
  const std::string rights = (info.st_mode & S_IXGRP) != 0 ? "g+w " : "g+rwx ";
  if (is_member(info.st_gid)) return "chmod " + rights + quoted;
  return "chgrp " + name_of_group(::getegid()) + " " + quoted + " && chmod " + rights + quoted;
}

}  // namespace

int find_hindrance(int folder_fd) {
  if (::faccessat(folder_fd, ".", creation, AT_EACCESS) == 0) return 0;
  switch (errno) {
    case EACCES:
    case EROFS:
      return errno;
    case EPERM:
      // The folder is immutable; or a sandbox says so of a call that it does not know.
      return is_refused_to_the_real_user(folder_fd) ? EPERM : 0;
    default:
      return 0;
  }
}

std::string describe_cure(int folder_fd, const std::string& path, int hindrance) {
  switch (hindrance) {
    case EROFS:
      return "its file system is read-only for reeld: mount it for writing, or name the folder in the unit's "
             "ReadWritePaths=";
    case EPERM:
      return "chattr -i " + quote_for_shell(path);
    default:
      return describe_permission(folder_fd, path);
  }
}

std::string quote_for_shell(const std::string& text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += "'\\''";
    if (c != '\'') out += c;
  }
  return out + "'";
}

}  // namespace reeld
