#include "commands/act_as_owner.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "commands/command_failure.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

std::optional<struct ::stat> find_first(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    struct ::stat status {};
    if (::stat(path.c_str(), &status) == 0) return status;
  }
  return std::nullopt;
}

std::vector<gid_t> read_groups() {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(0, count)));
  return groups;
}

}  // namespace

ActAsOwner::ActAsOwner(const std::vector<std::string>& paths) {
  const auto owner = ::geteuid() == 0 ? find_first(paths) : std::nullopt;
  if (!owner || owner->st_uid == 0) return;
  group_ = ::getegid();
  groups_ = read_groups();
  const struct ::passwd* const user = ::getpwuid(owner->st_uid);
  const gid_t group = user != nullptr ? user->pw_gid : owner->st_gid;
  const int grouped = user != nullptr ? ::initgroups(user->pw_name, group) : ::setgroups(1, &group);
  if (grouped != 0 || ::setegid(group) != 0 || ::seteuid(owner->st_uid) != 0)
    throw CommandFailure(exit_code::failed, "act as " + name_user(owner->st_uid) +
                                                ", who owns the ledger: " + std::strerror(errno));
  is_another_ = true;
}

ActAsOwner::~ActAsOwner() {
  if (!is_another_) return;
  [[maybe_unused]] int ignored = ::seteuid(0);
  ignored = ::setegid(group_);
  ignored = ::setgroups(groups_.size(), groups_.data());
}

std::string name_user(uid_t user) {
  const struct ::passwd* const found = ::getpwuid(user);
  return found == nullptr ? "user " + std::to_string(user) : found->pw_name;
}

}  // namespace reeld
