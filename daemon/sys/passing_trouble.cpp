#include "sys/passing_trouble.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace reeld {

bool may_pass(int code) {
  static constexpr std::array codes{EMFILE, ENFILE, ENOMEM, ENOBUFS, EAGAIN, EINTR,     ENOSPC,   EDQUOT,
                                    EFBIG,  EROFS,  EIO,    ESTALE,  ENOLCK, EREMOTEIO, ETIMEDOUT};
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace reeld
