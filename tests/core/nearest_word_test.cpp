#include "core/nearest_word.hpp"

#include <gtest/gtest.h>

#include <array>

namespace reeld {
namespace {

constexpr std::array<std::string_view, 4> words{"settle", "rescan", "poll", "path"};

TEST(MeasureDistance, CountsEachKindOfSlipAsOne) {
  EXPECT_EQ(measure_distance("settle", "settle"), 0U);
  EXPECT_EQ(measure_distance("setle", "settle"), 1U);    // left out
  EXPECT_EQ(measure_distance("setttle", "settle"), 1U);  // put in
  EXPECT_EQ(measure_distance("sattle", "settle"), 1U);   // replaced
  EXPECT_EQ(measure_distance("setlte", "settle"), 1U);   // neighbours swapped
  EXPECT_EQ(measure_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(measure_distance("", "poll"), 4U);
  EXPECT_EQ(measure_distance("poll", ""), 4U);
}

TEST(FindNearest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(find_nearest("setle", words), "settle");
  EXPECT_EQ(find_nearest("recsan", words), "rescan");
}

TEST(FindNearest, DoesNotGuessWildly) {
  EXPECT_EQ(find_nearest("colour", words), std::nullopt);
  EXPECT_EQ(find_nearest("xy", words), std::nullopt);
  EXPECT_EQ(find_nearest("settle", {}), std::nullopt);
}

TEST(FindNearest, TakesTheFirstOfEquals) {
  EXPECT_EQ(find_nearest("patl", words), "path");
}

}  // namespace
}  // namespace reeld
