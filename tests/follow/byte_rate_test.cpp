#include "follow/byte_rate.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;

/// Reads as fast as it may for that long, and returns how many bytes came.
std::uint64_t read_for(ByteRate& rate, SteadyTime& now, milliseconds span, Bytes most) {
  std::uint64_t read = 0;
  const SteadyTime end = now + span;
  while (true) {
    const SteadyTime next = rate.next_read(now);
    if (next >= end) break;
    now = next;
    const Bytes piece = rate.piece(most);
    rate.spend(piece, now);
    read += piece.count;
    now += 1us;  // no clock stands still
  }
  now = end;
  return read;
}

TEST(ByteRate, WithoutALimitNothingWaits) {
  ByteRate rate(std::nullopt);
  const SteadyTime now{1h};
  rate.spend(mebibytes(4096), now);
  EXPECT_EQ(rate.next_read(now), now);
  EXPECT_EQ(rate.piece(kibibytes(64)), kibibytes(64));
}

TEST(ByteRate, KeepsToItOverAMinute) {
  for (const Bytes limit : {Bytes{1024}, kibibytes(100), mebibytes(10), mebibytes(1000)}) {
    ByteRate rate(limit);
    SteadyTime now{1h};
    const std::uint64_t read = read_for(rate, now, 60s, kibibytes(256));
    EXPECT_GE(read, limit.count * 59) << limit.count;
    EXPECT_LE(read, limit.count * 61) << limit.count;
  }
}

TEST(ByteRate, AnIdleReaderSavesUpNoMoreThanAMoment) {
  ByteRate rate(kibibytes(100));
  SteadyTime now{1h};
  read_for(rate, now, 10s, kibibytes(16));
  now += 1h;
  const std::uint64_t read = read_for(rate, now, 1s, kibibytes(16));
  EXPECT_LE(read, kibibytes(100).count * 3 / 2);
  EXPECT_GE(read, kibibytes(100).count);
}

TEST(ByteRate, AChangeOfRateForgetsWhatWasSpent) {
  ByteRate rate(Bytes{1});
  const SteadyTime now{1h};
  rate.spend(kibibytes(1), now);
  EXPECT_GT(rate.next_read(now), now + 1000s);
  rate.change_rate(kibibytes(1));
  EXPECT_EQ(rate.next_read(now), now);
}

TEST(ByteRate, APieceIsSmallWhereTheRateIs) {
  EXPECT_EQ(ByteRate(Bytes{1}).piece(kibibytes(64)), Bytes{1});
  EXPECT_EQ(ByteRate(kibibytes(8)).piece(kibibytes(64)), kibibytes(1));
  EXPECT_EQ(ByteRate(mebibytes(100)).piece(kibibytes(64)), kibibytes(64));
}

}  // namespace
}  // namespace reeld
