#pragma once
// Who, besides a file's owner, may write it: by its mode, its POSIX ACL, and who is in its groups.
//
// Threads: not two at a time (the user database).

#include <sys/stat.h>

#include <optional>
#include <string>

namespace reeld {

/// Who may do as they like: root and one user. Where root of the machine has no place in this user namespace,
/// whoever has none either (the "overflow" user) cannot be told from root, and is taken for it.
class TrustedUsers {
 public:
  explicit TrustedUsers(uid_t user);
  bool has(uid_t user) const;
  /// Nobody else is in it, or has it for his main group.
  bool has_whole(gid_t group) const;

 private:
  uid_t user_;
  std::optional<uid_t> overflow_;
};

struct OtherWriter {
  std::string who;   // "members of the group video", "everybody"
  std::string cure;  // "chmod g-w", "setfacl -x user:ann": the path comes after it
};

/// `fd` may be one of O_PATH. The owner is not looked at.
std::optional<OtherWriter> find_other_writer(int fd, const struct ::stat& status,
                                             const TrustedUsers& trusted);

}  // namespace reeld
