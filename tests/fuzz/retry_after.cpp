#include "http/retry_after.hpp"

#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"

namespace reeld {
namespace {

bool is_in_range(std::optional<milliseconds> wait) {
  return !wait || (*wait >= milliseconds(0) && *wait <= std::chrono::hours(24));
}

}  // namespace

int fuzz_retry_after(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  const SystemTime now{std::chrono::hours(24) * 365 * 56};
  require(is_in_range(read_retry_after(text, now)), "a wait lasts from nothing to a day");
  require(is_in_range(read_retry_after_ms(text)), "a wait lasts from nothing to a day");
  return 0;
}

}  // namespace reeld
