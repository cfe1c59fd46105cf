#pragma once
// Users as people know them.

#include <sys/types.h>

#include <string>

namespace reeld {

/// "reeld", or "user 1234" for one without a name.
std::string name_user(uid_t user);
/// Likewise, of a group.
std::string name_group(gid_t group);

}  // namespace reeld
