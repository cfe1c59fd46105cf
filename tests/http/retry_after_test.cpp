#include "http/retry_after.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

const SystemTime now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
constexpr milliseconds day = std::chrono::hours(24);

TEST(ReadRetryAfter, TakesSeconds) {
  EXPECT_EQ(read_retry_after("120", now), milliseconds(120'000));
  EXPECT_EQ(read_retry_after(" 5\t", now), milliseconds(5'000));
  EXPECT_EQ(read_retry_after("0", now), milliseconds(0));
  EXPECT_EQ(read_retry_after("0.25", now), milliseconds(250));
  EXPECT_EQ(read_retry_after("1.0001", now), milliseconds(1'001)) << "never less than was asked for";
}

TEST(ReadRetryAfter, TakesDates) {
  EXPECT_EQ(read_retry_after("Sun, 22 Nov 2026 00:01:30 GMT", now), milliseconds(90'000));
  EXPECT_EQ(read_retry_after("Sun, 22 Nov 2026 00:00:01 GMT", now + milliseconds(400)), milliseconds(600));
  EXPECT_EQ(read_retry_after("Sat, 21 Nov 2026 23:59:00 GMT", now), milliseconds(0)) << "it is past";
}

TEST(ReadRetryAfter, IsCapped) {
  EXPECT_EQ(read_retry_after("86401", now), day);
  EXPECT_EQ(read_retry_after("99999999999999999999", now), day);
  EXPECT_EQ(read_retry_after("Sun, 22 Nov 2099 00:00:00 GMT", now), day);
}

TEST(ReadRetryAfter, RefusesTheRest) {
  for (const std::string_view text :
       {"", " ", "soon", "-1", "+5", "1e3", "inf", "nan", "0x10", "5s", "1.2.3", ".", "1 2"}) {
    EXPECT_EQ(read_retry_after(text, now), std::nullopt) << text;
  }
}

TEST(ReadRetryAfterMs, TakesMilliseconds) {
  EXPECT_EQ(read_retry_after_ms("1500"), milliseconds(1500));
  EXPECT_EQ(read_retry_after_ms("1.5"), milliseconds(2));
  EXPECT_EQ(read_retry_after_ms("99999999999"), day);
  EXPECT_EQ(read_retry_after_ms(""), std::nullopt);
  EXPECT_EQ(read_retry_after_ms("Sun, 22 Nov 2026 00:01:30 GMT"), std::nullopt);
}

}  // namespace
}  // namespace reeld
