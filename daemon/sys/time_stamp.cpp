#include "sys/time_stamp.hpp"

#include <array>
#include <ctime>

namespace reeld {

std::string make_time_stamp(SystemTime time) {
  const std::time_t whole = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  ::gmtime_r(&whole, &utc);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return {text.data(), length};
}

}  // namespace reeld
