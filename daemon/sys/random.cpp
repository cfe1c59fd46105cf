#include "sys/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <random>
#include <system_error>

namespace reeld {

std::uint64_t random_word() {
  std::uint64_t out = 0;
  // So few bytes come whole, or not at all.
  while (::getrandom(&out, sizeof out, 0) != static_cast<ssize_t>(sizeof out)) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return out;
}

double random_fraction() {
  thread_local std::minstd_rand dice(static_cast<std::minstd_rand::result_type>(random_word()));
  return std::uniform_real_distribution<double>(0.0, 1.0)(dice);
}

}  // namespace reeld
