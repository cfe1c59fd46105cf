#include "sys/access_list.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

#include "sys/user_name.hpp"

namespace reeld {
namespace {

// Source: linux/posix_acl_xattr.h; all numbers are little-endian.
constexpr std::size_t list_head = 4;
constexpr std::size_t entry_size = 8;
constexpr unsigned may_write = 2;
enum Tag : unsigned { user_tag = 0x02, own_group_tag = 0x04, group_tag = 0x08, mask_tag = 0x10 };

struct Entry {
  unsigned tag;
  unsigned rights;
  std::uint32_t id;
};

unsigned read_short(const char* at) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(at);
  return bytes[0] | static_cast<unsigned>(bytes[1]) << 8U;
}

/// Empty where there is no list: the mode is all there is.
std::vector<Entry> read_access_list(int fd) {
  std::array<char, 4096> bytes{};
  const std::string itself = "/proc/self/fd/" + std::to_string(fd);  // a descriptor of O_PATH cannot be asked
  const ssize_t size = ::getxattr(itself.c_str(), "system.posix_acl_access", bytes.data(), bytes.size());
  std::vector<Entry> out;
  for (std::size_t at = list_head; size > 0 && at + entry_size <= static_cast<std::size_t>(size);
       at += entry_size) {
    const char* const entry = bytes.data() + at;
    out.push_back({read_short(entry), read_short(entry + 2),
                   read_short(entry + 4) | static_cast<std::uint32_t>(read_short(entry + 6)) << 16U});
  }
  return out;
}

/// Whether the machine's root is somebody here. Source: user_namespaces(7).
bool is_root_mapped() {
  std::ifstream map("/proc/self/uid_map");
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  bool has_any = false;
  while (map >> inside >> outside >> count) {
    has_any = true;
    if (outside == 0 && count > 0) return true;
  }
  return !has_any;
}

uid_t read_overflow_user() {
  std::ifstream file("/proc/sys/kernel/overflowuid");
  uid_t user = 65534;
  file >> user;
  return user;
}

std::optional<OtherWriter> find_in_list(const std::vector<Entry>& list, gid_t own_group,
                                        const TrustedUsers& trusted) {
  unsigned mask = may_write;
  for (const Entry& entry : list) {
    if (entry.tag == mask_tag) mask = entry.rights;
  }
  for (const Entry& entry : list) {
    if ((entry.rights & mask & may_write) == 0) continue;
    if (entry.tag == user_tag && !trusted.has(entry.id))
      return OtherWriter{name_user(entry.id), "setfacl -x user:" + name_user(entry.id)};
    if (entry.tag == group_tag && !trusted.has_whole(entry.id))
      return OtherWriter{"members of the group " + name_group(entry.id),
                         "setfacl -x group:" + name_group(entry.id)};
    if (entry.tag == own_group_tag && !trusted.has_whole(own_group))
      return OtherWriter{"members of the group " + name_group(own_group), "chmod g-w"};
  }
  return std::nullopt;
}

}  // namespace

TrustedUsers::TrustedUsers(uid_t user) : user_(user) {
  if (!is_root_mapped()) overflow_ = read_overflow_user();
}

bool TrustedUsers::has(uid_t user) const {
  return user == 0 || user == user_ || user == overflow_;
}

bool TrustedUsers::has_whole(gid_t group) const {
  const struct ::passwd* const own = ::getpwuid(user_);
  const bool is_own =
      group == 0 || (own != nullptr && own->pw_gid == group) || (own == nullptr && group == ::getegid());
  if (!is_own) return false;
  std::vector<std::string> members;
  if (const struct ::group* const found = ::getgrgid(group)) {
    for (char** member = found->gr_mem; *member != nullptr; ++member) members.emplace_back(*member);
  }
  for (const std::string& member : members) {
    const struct ::passwd* const user = ::getpwnam(member.c_str());
    if (user == nullptr || !has(user->pw_uid)) return false;
  }
  bool is_shared = false;
  ::setpwent();
  while (const struct ::passwd* const user = ::getpwent())
    is_shared |= user->pw_gid == group && !has(user->pw_uid);
  ::endpwent();
  return !is_shared;
}

std::optional<OtherWriter> find_other_writer(int fd, const struct ::stat& status,
                                             const TrustedUsers& trusted) {
  if ((status.st_mode & S_IWOTH) != 0) return OtherWriter{"everybody", "chmod go-w"};
  if ((status.st_mode & S_IWGRP) == 0) return std::nullopt;
  // Where there is a list, the group's bits of the mode are its mask.
  const auto list = read_access_list(fd);
  if (!list.empty()) return find_in_list(list, status.st_gid, trusted);
  if (trusted.has_whole(status.st_gid)) return std::nullopt;
  return OtherWriter{"members of the group " + name_group(status.st_gid), "chmod g-w"};
}

}  // namespace reeld
