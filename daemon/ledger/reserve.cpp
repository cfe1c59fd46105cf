#include "ledger/reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace reeld {
namespace {

constexpr mode_t reserve_mode = 0600;

}  // namespace

std::optional<SysError> LedgerReserve::ensure(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (held_ >= bytes && fd_) return std::nullopt;
  if (!fd_) {
    fd_ = UniqueFd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, reserve_mode));
    if (!fd_) return make_sys_error("hold space back for answers in", path_, errno);
  }
  int code = 0;
  do {
    code = ::posix_fallocate(fd_.get(), 0, static_cast<off_t>(bytes));
  } while (code == EINTR);
  if (code == 0) {
    held_ = bytes;
    return std::nullopt;
  }
  return make_sys_error("hold space back for answers in", path_, code);
}

void LedgerReserve::give_up() {
  const std::lock_guard lock(mutex_);
  held_ = 0;
  if (fd_ && ::ftruncate(fd_.get(), 0) != 0) fd_.reset();
}

}  // namespace reeld
