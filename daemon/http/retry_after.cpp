#include "http/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/ascii.hpp"
#include "http/http_date.hpp"

namespace reeld {
namespace {

constexpr milliseconds longest = std::chrono::hours(24);

/// Digits with at most one point; nothing that only from_chars would take (signs, exponents, "inf").
std::optional<double> read_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error == std::errc::result_out_of_range) return std::nullopt;
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

milliseconds cap(double wait_ms) {
  const double limit = static_cast<double>(longest.count());
  return milliseconds(static_cast<milliseconds::rep>(std::ceil(std::min(wait_ms, limit))));
}

}  // namespace

std::optional<milliseconds> read_retry_after(std::string_view value, SystemTime now) {
  const std::string_view text = trim_blanks(value);
  if (const auto number = read_number(text)) return cap(*number * 1000);
  const auto date = read_http_date(text, now);
  if (!date) return std::nullopt;
  return std::clamp(std::chrono::ceil<milliseconds>(*date - now), milliseconds(0), longest);
}

std::optional<milliseconds> read_retry_after_ms(std::string_view value) {
  const auto number = read_number(trim_blanks(value));
  if (!number) return std::nullopt;
  return cap(*number);
}

}  // namespace reeld
