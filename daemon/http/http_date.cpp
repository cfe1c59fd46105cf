#include "http/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace reeld {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view separators = " ,-:";

std::string_view take_word(std::string_view& text) {
  const std::size_t start = std::min(text.find_first_not_of(separators), text.size());
  text.remove_prefix(start);
  const std::string_view word = text.substr(0, text.find_first_of(separators));
  text.remove_prefix(word.size());
  return word;
}

std::optional<int> read_digits(std::string_view word) {
  int number = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc() || stop != end || number < 0 || word.size() > 4) return std::nullopt;
  return number;
}

std::optional<unsigned> read_month(std::string_view word) {
  const auto found = std::ranges::find(months, word);
  if (found == months.end()) return std::nullopt;
  return static_cast<unsigned>(found - months.begin()) + 1;
}

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

struct Words {
  std::string_view day, month, year, hour, minute, second;
};

/// All three forms hold the same words; asctime's begins with the month and ends with the year.
Words split(std::string_view text) {
  take_word(text);  // the day of the week
  Words words;
  words.day = take_word(text);
  words.month = take_word(text);
  const bool is_asctime = read_month(words.day).has_value();
  if (is_asctime) std::swap(words.day, words.month);
  if (!is_asctime) words.year = take_word(text);
  words.hour = take_word(text);
  words.minute = take_word(text);
  words.second = take_word(text);
  if (is_asctime) words.year = take_word(text);
  return words;
}

}  // namespace

std::optional<SystemTime> read_http_date(std::string_view text, SystemTime now) {
  const Words words = split(text);
  const auto the_month = read_month(words.month);
  const auto the_day = read_digits(words.day);
  auto the_year = read_digits(words.year);
  const auto hour = read_digits(words.hour);
  const auto minute = read_digits(words.minute);
  const auto second = read_digits(words.second);
  if (!the_month || !the_day || !the_year || !hour || !minute || !second) return std::nullopt;
  if (words.year.size() == 2) the_year = complete_year(*the_year, now);

  const auto date = year(*the_year) / month(*the_month) / day(static_cast<unsigned>(*the_day));
  const bool is_time = *hour < 24 && *minute < 60 && *second <= 60;  // 60: a leap second
  if (!date.ok() || !is_time) return std::nullopt;
  const auto held = hold_within_clock(date.year()) / date.month() / date.day();
  return SystemTime(std::chrono::sys_days(held)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace reeld
