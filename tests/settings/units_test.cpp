#include "settings/units.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;

std::string complaint_of_duration(std::string_view text) {
  const auto parsed = parse_duration(text);
  const auto* complaint = std::get_if<UnitComplaint>(&parsed);
  return complaint == nullptr ? "(no complaint)" : complaint->reason;
}

std::string complaint_of_size(std::string_view text) {
  const auto parsed = parse_size(text);
  const auto* complaint = std::get_if<UnitComplaint>(&parsed);
  return complaint == nullptr ? "(no complaint)" : complaint->reason;
}

milliseconds read_duration(std::string_view text) {
  EXPECT_EQ(complaint_of_duration(text), "(no complaint)") << text;
  const auto parsed = parse_duration(text);
  const auto* value = std::get_if<milliseconds>(&parsed);
  return value == nullptr ? -1ms : *value;
}

std::uint64_t read_size(std::string_view text) {
  EXPECT_EQ(complaint_of_size(text), "(no complaint)") << text;
  const auto parsed = parse_size(text);
  const auto* value = std::get_if<Bytes>(&parsed);
  return value == nullptr ? 0 : value->count;
}

TEST(Durations, EachUnitIsKnown) {
  EXPECT_EQ(read_duration("500ms"), 500ms);
  EXPECT_EQ(read_duration("10s"), 10s);
  EXPECT_EQ(read_duration("5m"), 5min);
  EXPECT_EQ(read_duration("2h"), 2h);
  EXPECT_EQ(read_duration("90d"), 24h * 90);
  EXPECT_EQ(read_duration("0s"), 0ms);
}

TEST(Durations, UnitsAddUpFromTheLargestDown) {
  EXPECT_EQ(read_duration("1h30m"), 90min);
  EXPECT_EQ(read_duration("1d2h3m4s5ms"), 24h + 2h + 3min + 4s + 5ms);
}

TEST(Durations, WhatIsWrongIsSaidWithWhatToWrite) {
  const std::string wanted = "must be a duration such as \"500ms\", \"10s\", \"5m\" or \"1h30m\"; ";
  EXPECT_EQ(complaint_of_duration(""), wanted + "it is empty");
  EXPECT_EQ(complaint_of_duration("10"), wanted + "\"10\" has no unit: ms, s, m, h or d");
  EXPECT_EQ(complaint_of_duration("1h30"), wanted + "\"1h30\" has no unit: ms, s, m, h or d");
  EXPECT_EQ(complaint_of_duration("10 s"),
            wanted + "\"10 s\" has an unknown unit: ms, s, m, h and d are known");
  EXPECT_EQ(complaint_of_duration("10S"),
            wanted + "\"10S\" has an unknown unit: ms, s, m, h and d are known");
  EXPECT_EQ(complaint_of_duration("3min"),
            wanted + "\"3min\" has an unknown unit: ms, s, m, h and d are known");
  EXPECT_EQ(complaint_of_duration("s"), wanted + "\"s\" does not begin with a number");
  EXPECT_EQ(complaint_of_duration("-5s"), wanted + "\"-5s\" does not begin with a number");
  EXPECT_EQ(complaint_of_duration("30m1h"),
            wanted + "\"30m1h\" has its units out of order: the largest comes first");
  EXPECT_EQ(complaint_of_duration("1s1s"),
            wanted + "\"1s1s\" has its units out of order: the largest comes first");
  EXPECT_EQ(complaint_of_duration("1.5s"),
            wanted + "\"1.5s\" has a fraction: take a smaller unit (\"1500ms\", not \"1.5s\")");
}

TEST(Durations, TooLongIsRefusedAndDoesNotOverflow) {
  const std::string wanted = "must be a duration such as \"500ms\", \"10s\", \"5m\" or \"1h30m\"; ";
  EXPECT_EQ(complaint_of_duration("99999999999999999999s"), wanted + "\"99999999999999999999s\" is too long");
  EXPECT_EQ(complaint_of_duration("106751991168d"), wanted + "\"106751991168d\" is too long");
  EXPECT_EQ(complaint_of_duration("106751991167d24h"), wanted + "\"106751991167d24h\" is too long");
}

TEST(Sizes, EachUnitIsKnown) {
  EXPECT_EQ(read_size("100B"), 100U);
  EXPECT_EQ(read_size("128KiB"), 131072U);
  EXPECT_EQ(read_size("32MiB"), 33554432U);
  EXPECT_EQ(read_size("1GiB"), 1073741824U);
  EXPECT_EQ(read_size("2TiB"), 2199023255552U);
}

TEST(Sizes, WhatIsWrongIsSaidWithWhatToWrite) {
  const std::string wanted = "must be a size such as \"128KiB\" or \"32MiB\"; ";
  EXPECT_EQ(complaint_of_size(""), wanted + "it is empty");
  EXPECT_EQ(complaint_of_size("128"), wanted + "\"128\" has no unit: B, KiB, MiB, GiB or TiB");
  EXPECT_EQ(complaint_of_size("32MB"), wanted + "\"32MB\" may mean 1000 or 1024: write \"32MiB\"");
  EXPECT_EQ(complaint_of_size("128k"), wanted + "\"128k\" may mean 1000 or 1024: write \"128KiB\"");
  EXPECT_EQ(complaint_of_size("1.5MiB"),
            wanted + "\"1.5MiB\" has a fraction: take a smaller unit (\"1536KiB\", not \"1.5MiB\")");
  EXPECT_EQ(complaint_of_size("1mib"),
            wanted + "\"1mib\" has an unknown unit: B, KiB, MiB, GiB and TiB are known");
  EXPECT_EQ(complaint_of_size("MiB"), wanted + "\"MiB\" does not begin with a number");
  EXPECT_EQ(complaint_of_size("9999999999TiB"), wanted + "\"9999999999TiB\" is too large");
}

TEST(Rates, AreSizesASecond) {
  const auto rate = parse_rate("10MiB/s");
  ASSERT_TRUE(std::holds_alternative<Bytes>(rate));
  EXPECT_EQ(std::get<Bytes>(rate), mebibytes(10));
  const auto bare = parse_rate("10MiB");
  ASSERT_TRUE(std::holds_alternative<UnitComplaint>(bare));
  EXPECT_EQ(std::get<UnitComplaint>(bare).reason,
            "must be a rate such as \"10MiB/s\"; \"10MiB\" does not end in \"/s\"");
  const auto bad = parse_rate("10/s");
  ASSERT_TRUE(std::holds_alternative<UnitComplaint>(bad));
  EXPECT_EQ(std::get<UnitComplaint>(bad).reason,
            "must be a rate such as \"10MiB/s\": what stands before \"/s\" must be a size such as \"128KiB\" "
            "or \"32MiB\"; "
            "\"10\" has no unit: B, KiB, MiB, GiB or TiB");
}

TEST(Formats, ReadBackAsWhatTheyWere) {
  for (const milliseconds value :
       {0ms, 1ms, 500ms, milliseconds(10s), milliseconds(90min), milliseconds(24h * 90), 90'061'001ms}) {
    EXPECT_EQ(read_duration(format_duration(value)), value);
  }
  for (const std::uint64_t value : {0ULL, 1ULL, 1000ULL, 1024ULL, 131072ULL, 1ULL << 30, (1ULL << 40) + 1}) {
    EXPECT_EQ(read_size(format_size(Bytes{value})), value);
  }
  EXPECT_EQ(format_duration(90min), "1h30m");
  EXPECT_EQ(format_size(kibibytes(128)), "128KiB");
}

}  // namespace
}  // namespace reeld
