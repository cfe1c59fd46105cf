#include "ledger/ledger_site.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "ledger/spool_marker.hpp"
#include "sys/file_status.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/unique_fd.hpp"
#include "sys/user_name.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

constexpr const char* ledger_name = "ledger.db";
constexpr const char* hidden_folder = ".reeld";
constexpr const char* marker_name = "spool";
constexpr const char* cure = "set [ledger] path, and the spool is not asked where its ledger is";

LedgerRefusal refuse_text(std::string reason) {
  LedgerRefusal out;
  out.reason = std::move(reason);
  return out;
}

/// The folder free of links, which are the administrator's own; not so the file's own name.
fs::path named_path(const LedgerPlace& place) {
  const fs::path path =
      fs::absolute(!place.asked_path.empty()
                       ? fs::path(place.asked_path)
                       : fs::path(place.state_dir.substr(0, place.state_dir.find(':'))) / ledger_name);
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(path.parent_path(), error);
  return error ? path : folder / path.filename();
}

fs::path marked_path(const LedgerPlace& place, const SpoolMarker& marker) {
  const fs::path path(marker.ledger);
  return path.is_absolute() ? path : fs::path(real_spool_path(place)) / path;
}

std::variant<LedgerOwner, LedgerRefusal> find_named_owner(const LedgerPlace& place) {
  fs::path path = named_path(place);
  struct ::stat status {};
  bool is_there = ::lstat(path.c_str(), &status) == 0;
  if (is_there && !S_ISREG(status.st_mode))
    return refuse_text("open the ledger " + path.string() + ": it is no regular file");
  while (!is_there && path.has_relative_path()) {
    path = path.parent_path();
    is_there = ::stat(path.c_str(), &status) == 0;
  }
  return LedgerOwner{status.st_uid, status.st_gid};
}

std::optional<LedgerRefusal> find_made_up_owners(const LedgerPlace& place) {
  const auto kind = find_file_system_kind(place.spool_fd, place.spool_path);
  const auto* const found = std::get_if<FileSystemKind>(&kind);
  if (found == nullptr || !found->may_make_owners_up()) return std::nullopt;
  return refuse_text("the spool " + place.spool_path + " is on " + std::string(found->name) +
                     ", where owners may be made up, so that anybody can have written what it says of its "
                     "ledger; " +
                     cure);
}

/// Root would do whatever the members of a group put there for it.
std::optional<LedgerRefusal> find_fault_for_root(const LedgerPlace& place, const struct ::stat& spool) {
  if (spool.st_uid == 0 && (spool.st_mode & (S_IWGRP | S_IWOTH)) == 0) return std::nullopt;
  return refuse_text(
      "the ledger of the spool " + place.spool_path +
      " would be root's, and others can write into that folder, and so put another in its place; "
      "give folder and .reeld to the user that reeld is to run as (chown -R USER " +
      place.spool_path + "), or " + cure);
}

std::variant<LedgerOwner, LedgerRefusal> find_first_owner(const LedgerPlace& place,
                                                          const struct ::stat& spool) {
  if (::geteuid() != 0) return LedgerOwner{::geteuid(), ::getegid()};
  if (spool.st_uid == 0) {
    if (auto fault = find_fault_for_root(place, spool)) return std::move(*fault);
  }
  return LedgerOwner{spool.st_uid, spool.st_gid};
}

std::variant<LedgerOwner, LedgerRefusal> find_owner_in_spool(const LedgerPlace& place) {
  if (auto fault = find_made_up_owners(place)) return std::move(*fault);
  const std::string path = place.spool_path + "/" + hidden_folder;
  struct ::stat spool {};
  struct ::stat hidden {};
  struct ::stat marker {};
  if (::fstat(place.spool_fd, &spool) != 0) return refuse(make_sys_error("look at", place.spool_path, errno));
  const UniqueFd folder(
      ::openat(place.spool_fd, hidden_folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder && errno == ENOENT) return find_first_owner(place, spool);
  if (!folder || ::fstat(folder.get(), &hidden) != 0) {
    const bool is_link = errno == ELOOP || errno == ENOTDIR;
    LedgerRefusal refusal = refuse(make_sys_error("open", path, errno));
    if (is_link) refusal.reason += ": it has to be a folder; remove it";
    return refusal;
  }
  const bool has_marker = ::fstatat(folder.get(), marker_name, &marker, AT_SYMLINK_NOFOLLOW) == 0;
  if (has_marker && marker.st_uid != hidden.st_uid)
    return refuse_text(path + " belongs to " + name_user(hidden.st_uid) + " and " + marker_name +
                       " in it to " + name_user(marker.st_uid) +
                       ": it is not known who keeps this spool; remove what is not " + "reeld's, or " + cure);
  if (hidden.st_uid == 0) {
    if (auto fault = find_fault_for_root(place, spool)) return std::move(*fault);
  }
  return LedgerOwner{hidden.st_uid, hidden.st_gid};
}

/// What the spool says; a marker that is none is left out where a person is asked.
std::optional<LedgerRefusal> take_marker(const LedgerPlace& place, LedgerSite& site) {
  auto marker = read_marker(place.spool_fd, place.spool_path);
  if (auto* const found = std::get_if<std::optional<SpoolMarker>>(&marker)) {
    site.marker = std::move(*found);
    if (site.marker) site.marked_path = marked_path(place, *site.marker).string();
    return std::nullopt;
  }
  const auto& error = std::get<SysError>(marker);
  site.is_damaged = error.code == EBADMSG;
  if (!site.is_damaged) return refuse(error);
  if (place.adopts) return std::nullopt;
  return refuse_text(error.message +
                     ". Nothing is sent. Put it back from a backup, or, after looking, say `reeld adopt`");
}

/// Its maker has written it without links (`path_to_mark`).
std::optional<LedgerRefusal> find_link(const LedgerSite& site) {
  const fs::path folder = fs::path(site.path).parent_path();
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  if (error || real == folder.lexically_normal()) return std::nullopt;  // one that is missing is said later
  return refuse_text("the spool's marker names the ledger " + site.path +
                     ", and there is a link on that way; " + cure);
}

}  // namespace

bool names_ledger(const LedgerPlace& place) {
  return !place.asked_path.empty() || !place.state_dir.empty();
}

std::string real_spool_path(const LedgerPlace& place) {
  std::error_code error;
  const fs::path path = fs::canonical(place.spool_path, error);
  return error ? place.spool_path : path.string();
}

std::variant<LedgerOwner, LedgerRefusal> find_ledger_owner(const LedgerPlace& place) {
  return names_ledger(place) ? find_named_owner(place) : find_owner_in_spool(place);
}

LedgerRefusal refuse_for_others(const std::string& what, uid_t owner) {
  LedgerRefusal out;
  const std::string name = name_user(owner);
  out.reason = what + ": it belongs to " + name + "; run this as " + name + " or as root";
  out.is_forbidden = true;
  return out;
}

std::variant<LedgerSite, LedgerRefusal> locate_ledger(const LedgerPlace& place) {
  LedgerSite out;
  struct ::stat status {};
  if (::fstat(place.spool_fd, &status) != 0)
    return refuse(make_sys_error("look at", place.spool_path, errno));
  out.root = {status.st_dev, status.st_ino, read_birth(place.spool_fd, hidden_folder)};
  const bool is_named = names_ledger(place);
  if (!is_named) {
    auto owner = find_owner_in_spool(place);
    if (auto* const refusal = std::get_if<LedgerRefusal>(&owner)) return std::move(*refusal);
    out.owner = std::get<LedgerOwner>(owner).user;
    if (*out.owner != ::geteuid())
      return refuse_for_others("open " + place.spool_path + "/" + hidden_folder, *out.owner);
  }
  if (auto refusal = take_marker(place, out)) return std::move(*refusal);
  out.path = is_named     ? named_path(place).string()
             : out.marker ? out.marked_path
                          : (fs::path(real_spool_path(place)) / hidden_folder / ledger_name).string();
  if (!is_named) {
    if (auto refusal = find_link(out)) return std::move(*refusal);
  }
  return out;
}

}  // namespace reeld
