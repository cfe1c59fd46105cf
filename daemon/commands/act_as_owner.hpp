#pragma once
// Root does what it does to a spool as the user that the spool is served by: so that no file there comes to
// belong to root, and the daemon can open all of them afterwards.
//
// Lifetime: until the destructor, the whole process acts as that user. Does nothing where it is not root, or
// root is the owner. Errors: CommandFailure.

#include <sys/types.h>

#include <string>
#include <vector>

namespace reeld {

class ActAsOwner {
 public:
  /// Of the first of these that is there.
  explicit ActAsOwner(const std::vector<std::string>& paths);
  ~ActAsOwner();
  ActAsOwner(const ActAsOwner&) = delete;
  ActAsOwner& operator=(const ActAsOwner&) = delete;

 private:
  bool is_another_ = false;
  gid_t group_ = 0;
  std::vector<gid_t> groups_;
};

/// The same for good, for what serves the spool: real, effective and saved user, groups too. Returns the
/// user's name, "" where nothing was to change. Errors: CommandFailure.
std::string become_owner(const std::vector<std::string>& paths);

/// "reeld", or the number of a user without a name.
std::string name_user(uid_t user);

}  // namespace reeld
