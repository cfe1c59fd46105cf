#include "http/http_date.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <string>

namespace reeld {
namespace {

using std::chrono::year;

struct DateForm {
  const char* text;
  bool has_two_digits;  // of the year; none of these takes a year of four
};

// The three of RFC 9110, section 5.6.7; and as RFC 822 and cookies have them.
constexpr std::array<DateForm, 5> forms{{{"%a, %d %b %y %H:%M:%S", true},
                                         {"%a, %d %b %Y %H:%M:%S", false},
                                         {"%a, %d-%b-%y %H:%M:%S", true},
                                         {"%a, %d-%b-%Y %H:%M:%S", false},
                                         {"%a %b %d %H:%M:%S %Y", false}}};

/// RFC 850: a year that seems to be more than 50 years in the future is the past one with the same two
/// digits.
int complete_year(int two_digits, SystemTime now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const int this_year = static_cast<int>(std::chrono::year_month_day(today).year());
  const int candidate = this_year - this_year % 100 + two_digits;
  return candidate > this_year + 50 ? candidate - 100 : candidate;
}

/// SystemTime ends in 2262. Both years are leap years, so that any date is one in them as well.
year hold_within_clock(year the_year) {
  return std::clamp(the_year, year(1904), year(2204));
}

std::optional<SystemTime> build_time(const std::tm& fields, int the_year) {
  const auto date = year(the_year) / (fields.tm_mon + 1) / fields.tm_mday;
  if (!date.ok()) return std::nullopt;
  const auto held = hold_within_clock(date.year()) / date.month() / date.day();
  return SystemTime(std::chrono::sys_days(held)) + std::chrono::hours(fields.tm_hour) +
         std::chrono::minutes(fields.tm_min) + std::chrono::seconds(fields.tm_sec);
}

}  // namespace

/// strptime(3) knows the English names, for reeld sets no locale.
std::optional<SystemTime> read_http_date(std::string_view text, SystemTime now) {
  const std::string whole(text);
  for (const auto& form : forms) {
    std::tm fields{};
    if (::strptime(whole.c_str(), form.text, &fields) == nullptr) continue;
    const int the_year = 1900 + fields.tm_year;
    return build_time(fields, form.has_two_digits ? complete_year(the_year % 100, now) : the_year);
  }
  return std::nullopt;
}

}  // namespace reeld
