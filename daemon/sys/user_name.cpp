#include "sys/user_name.hpp"

#include <grp.h>
#include <pwd.h>

namespace reeld {

std::string name_user(uid_t user) {
  const struct ::passwd* const found = ::getpwuid(user);
  return found == nullptr ? "user " + std::to_string(user) : found->pw_name;
}

std::string name_group(gid_t group) {
  const struct ::group* const found = ::getgrgid(group);
  return found == nullptr ? "group " + std::to_string(group) : found->gr_name;
}

}  // namespace reeld
