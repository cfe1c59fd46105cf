#include "commands/act_as_owner.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "commands/command_failure.hpp"
#include "settings/exit_code.hpp"
#include "spool/open_spool.hpp"
#include "sys/user_name.hpp"

namespace reeld {
namespace {

/// All of the process, and no way back. errno says why not.
bool become(const LedgerOwner& owner) {
  const struct ::passwd* const user = ::getpwuid(owner.user);
  const gid_t group = user != nullptr ? user->pw_gid : owner.group;
  const int grouped = user != nullptr ? ::initgroups(user->pw_name, group) : ::setgroups(1, &group);
  return grouped == 0 && ::setresgid(group, group, group) == 0 &&
         ::setresuid(owner.user, owner.user, owner.user) == 0;
}

}  // namespace

std::string become_ledger_owner(const LedgerPlace& place) {
  if (::geteuid() != 0) return {};
  const auto found = find_ledger_owner(place);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&found))
    throw CommandFailure(code_of(*refusal), refusal->reason);
  const LedgerOwner& owner = std::get<LedgerOwner>(found);
  if (owner.user == 0) return {};
  if (become(owner)) return name_user(owner.user);
  throw CommandFailure(exit_code::failed, "act as " + name_user(owner.user) + ", who keeps the spool " +
                                              place.spool_path + ": " + std::strerror(errno));
}

}  // namespace reeld
