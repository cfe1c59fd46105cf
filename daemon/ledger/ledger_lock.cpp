#include "ledger/ledger_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "ledger/open_ledger.hpp"
#include "sys/lock.hpp"

namespace reeld {
namespace {

constexpr mode_t lock_mode = 0600;

std::variant<UniqueFd, LedgerRefusal> lock_file(UniqueFd fd, const std::string& ledger) {
  const int code = take_lock(fd.get());
  if (code == 0) return fd;
  if (code != EWOULDBLOCK) return refuse(make_sys_error("lock", ledger + ".lock", code));
  LedgerRefusal busy;
  busy.reason = "the ledger " + ledger + " is in use by another reeld";
  busy.is_busy = true;
  return busy;
}

UniqueFd open_lock(const std::string& ledger, int flags) {
  constexpr int always = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  return UniqueFd(::open((ledger + ".lock").c_str(), O_RDWR | always | flags, lock_mode));
}

}  // namespace

std::variant<UniqueFd, LedgerRefusal> lock_ledger(const std::string& ledger) {
  UniqueFd fd = open_lock(ledger, O_CREAT);
  if (!fd) return refuse(make_sys_error("open", ledger + ".lock", errno));
  return lock_file(std::move(fd), ledger);
}

std::variant<UniqueFd, LedgerRefusal> lock_used_ledger(const LedgerSite& site) {
  struct ::stat status {};
  const bool is_there = ::lstat((site.path + ".lock").c_str(), &status) == 0 && S_ISREG(status.st_mode);
  if (!is_there || (site.owner && *site.owner != status.st_uid)) return UniqueFd();
  UniqueFd fd = open_lock(site.path, 0);
  if (!fd) return UniqueFd();  // opening the ledger will say why
  return lock_file(std::move(fd), site.path);
}

bool is_ledger_in_use(const std::string& ledger) {
  const UniqueFd fd(::open((ledger + ".lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return fd && is_locked(fd.get());
}

}  // namespace reeld
