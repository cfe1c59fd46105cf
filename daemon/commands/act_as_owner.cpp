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

/// Whom root is to act as; nullopt: nobody else.
std::optional<struct ::stat> find_other_owner(const std::vector<std::string>& paths) {
  const auto owner = ::geteuid() == 0 ? find_first(paths) : std::nullopt;
  return owner && owner->st_uid != 0 ? owner : std::nullopt;
}

/// Their supplementary groups. Returns the main one; nullopt: errno says why not.
std::optional<gid_t> take_groups(const struct ::stat& owner) {
  const struct ::passwd* const user = ::getpwuid(owner.st_uid);
  const gid_t group = user != nullptr ? user->pw_gid : owner.st_gid;
  const int done = user != nullptr ? ::initgroups(user->pw_name, group) : ::setgroups(1, &group);
  return done == 0 ? std::optional(group) : std::nullopt;
}

[[noreturn]] void fail_to_act(uid_t owner) {
  throw CommandFailure(exit_code::failed,
                       "act as " + name_user(owner) + ", who owns the ledger: " + std::strerror(errno));
}

std::vector<gid_t> read_groups() {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(0, count)));
  return groups;
}

}  // namespace

ActAsOwner::ActAsOwner(const std::vector<std::string>& paths) {
  const auto owner = find_other_owner(paths);
  if (!owner) return;
  group_ = ::getegid();
  groups_ = read_groups();
  const auto group = take_groups(*owner);
  if (!group || ::setegid(*group) != 0 || ::seteuid(owner->st_uid) != 0) fail_to_act(owner->st_uid);
  is_another_ = true;
}

ActAsOwner::~ActAsOwner() {
  if (!is_another_) return;
  [[maybe_unused]] int ignored = ::seteuid(0);
  ignored = ::setegid(group_);
  ignored = ::setgroups(groups_.size(), groups_.data());
}

std::string become_owner(const std::vector<std::string>& paths) {
  const auto owner = find_other_owner(paths);
  if (!owner) return {};
  const auto group = take_groups(*owner);
  const uid_t user = owner->st_uid;
  if (!group || ::setresgid(*group, *group, *group) != 0 || ::setresuid(user, user, user) != 0)
    fail_to_act(user);
  return name_user(user);
}

std::string name_user(uid_t user) {
  const struct ::passwd* const found = ::getpwuid(user);
  return found == nullptr ? "user " + std::to_string(user) : found->pw_name;
}

}  // namespace reeld
