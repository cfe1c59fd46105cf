#include "runtime/idempotency.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace reeld {
namespace {

const PairIdentity pair{{1, 10, 100, 1000}, {1, 20, 200, 2000}};

TEST(IdempotencyKey, IsTheSameForTheSameJobAndHasTheFormOfAUuid) {
  const std::string key = make_idempotency_key("spool", pair, 0);
  EXPECT_EQ(key, make_idempotency_key("spool", pair, 0));
  EXPECT_TRUE(
      std::regex_match(key, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}")))
      << key;
}

TEST(IdempotencyKey, DiffersWithThePairTheSpoolAndAPersonsWord) {
  const std::string key = make_idempotency_key("spool", pair, 0);
  PairIdentity other = pair;
  other.image.mtime_ns += 1;
  EXPECT_NE(key, make_idempotency_key("spool", other, 0));
  EXPECT_NE(key, make_idempotency_key("another", pair, 0));
  EXPECT_NE(key, make_idempotency_key("spool", pair, 1));
}

TEST(IdempotencyKey, DoesNotChangeWhenADiskIsNumberedAnew) {
  PairIdentity renumbered = pair;
  renumbered.prompt.device = renumbered.image.device = 7;
  EXPECT_EQ(make_idempotency_key("spool", pair, 0), make_idempotency_key("spool", renumbered, 0));
}

}  // namespace
}  // namespace reeld
