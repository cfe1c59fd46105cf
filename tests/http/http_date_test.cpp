#include "http/http_date.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono;

const SystemTime today = sys_days(year(2026) / 11 / 22);

SystemTime at(int y, unsigned m, unsigned d, int h, int min, int s) {
  return SystemTime(sys_days(year(y) / month(m) / day(d))) + hours(h) + minutes(min) +
         std::chrono::seconds(s);
}

TEST(ReadHttpDate, KnowsAllThreeForms) {
  const SystemTime expected = at(1994, 11, 6, 8, 49, 37);
  EXPECT_EQ(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT", today), expected);
  EXPECT_EQ(read_http_date("Sunday, 06-Nov-94 08:49:37 GMT", today), expected);
  EXPECT_EQ(read_http_date("Sun Nov  6 08:49:37 1994", today), expected);
}

TEST(ReadHttpDate, KnowsThemAsMailAndCookiesHaveThem) {
  EXPECT_EQ(read_http_date("Sun, 22 Nov 26 10:00:00 GMT", today), at(2026, 11, 22, 10, 0, 0));
  EXPECT_EQ(read_http_date("Sun, 22-Nov-2026 10:00:00 GMT", today), at(2026, 11, 22, 10, 0, 0));
  EXPECT_EQ(read_http_date("Fri, 22 Nov 1912 10:00:00 GMT", today), at(1912, 11, 22, 10, 0, 0));
}

TEST(ReadHttpDate, GivesATwoDigitYearItsCentury) {
  EXPECT_EQ(read_http_date("Sunday, 22-Nov-26 10:00:00 GMT", today), at(2026, 11, 22, 10, 0, 0));
  EXPECT_EQ(read_http_date("Sunday, 22-Nov-76 10:00:00 GMT", today), at(2076, 11, 22, 10, 0, 0));
  EXPECT_EQ(read_http_date("Sunday, 22-Nov-77 10:00:00 GMT", today), at(1977, 11, 22, 10, 0, 0));
}

TEST(ReadHttpDate, HoldsItsYearsWithinTheClock) {
  EXPECT_EQ(read_http_date("Sat, 29 Feb 0000 00:00:00 GMT", today), at(1904, 2, 29, 0, 0, 0));
  EXPECT_EQ(read_http_date("Fri, 31 Dec 9999 23:59:59 GMT", today), at(2204, 12, 31, 23, 59, 59));
}

TEST(ReadHttpDate, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "soon", "Sun, 06 Nov 1994", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 -8:49:3x GMT",
        "Sun, 06 Nov 99999 08:49:37 GMT", "2026-11-22T10:00:00Z"}) {
    EXPECT_EQ(read_http_date(text, today), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace reeld
