#include "sys/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace reeld {
namespace {

TEST(RandomWord, ComesOnce) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1'000; ++i) seen.insert(random_word());
  EXPECT_EQ(seen.size(), 1'000u);
}

TEST(RandomWord, HasEachOfItsBits) {
  std::uint64_t ever_set = 0;
  std::uint64_t always_set = ~std::uint64_t{0};
  for (int i = 0; i < 200; ++i) {
    const auto word = random_word();
    ever_set |= word;
    always_set &= word;
  }
  EXPECT_EQ(ever_set, ~std::uint64_t{0});
  EXPECT_EQ(always_set, 0u);
}

}  // namespace
}  // namespace reeld
