#include "http/chunk_sizes.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

/// In one piece, and byte by byte.
void expect_pass(const std::string& body, const std::string& passed, bool is_amiss) {
  ChunkSizes whole;
  std::string at_once;
  whole.pass(body, at_once);
  EXPECT_EQ(at_once, passed);
  EXPECT_EQ(whole.is_amiss(), is_amiss);
  ChunkSizes slow;
  std::string bit_by_bit;
  for (const char c : body) slow.pass(std::string_view(&c, 1), bit_by_bit);
  EXPECT_EQ(bit_by_bit, passed);
}

TEST(ChunkSizes, PassesWhatIsProper) {
  for (const char* body :
       {"", "5\r\na b c\r\n0\r\n\r\n", "A;x=\"a b\"\r\n0123456789\r\n0\r\nT: a b\r\n\r\nnext one"})
    expect_pass(body, body, false);
}

TEST(ChunkSizes, TakesBlanksBehindASizeOut) {
  expect_pass("2  \r\n{}\r\n1 \t;a = b\r\n \r\n0 \r\nT: a b\r\n\r\n",
              "2\r\n{}\r\n1;a = b\r\n \r\n0\r\nT: a b\r\n\r\n", true);
}

TEST(ChunkSizes, BlanksWithoutEndAreNoPadding) {
  expect_pass("2" + std::string(10'000, ' '), "2" + std::string(10'000, ' '), false);
  ChunkSizes sizes;
  std::string passed;
  sizes.pass("2" + std::string(257, ' '), passed);
  EXPECT_TRUE(sizes.is_lost());
  EXPECT_EQ(passed.size(), 258U) << "none is held back";
}

TEST(ChunkSizes, GivesALineItsCr) {
  expect_pass("2 \n{}\n0\n\n", "2\r\n{}\r\n0\r\n\r\n", true);
  expect_pass("2\r\n{}\r\n1;a=b\nx\n0\nT: a\n\nnext\none",
              "2\r\n{}\r\n1;a=b\r\nx\r\n0\r\nT: a\r\n\r\nnext\none", true);
  expect_pass("3\r\n\n\r\n\r\n0\r\n\r\n", "3\r\n\n\r\n\r\n0\r\n\r\n", false);
}

TEST(ChunkSizes, TellsThatTheLastOneIsThere) {
  ChunkSizes sizes;
  std::string passed;
  sizes.pass("2\r\n{}\r\n0\r", passed);
  EXPECT_FALSE(sizes.has_ended());
  sizes.pass("\n", passed);
  EXPECT_TRUE(sizes.has_ended());
  sizes.pass("T: a\r\n\r\n5\r\n", passed);
  EXPECT_TRUE(sizes.has_ended());
  EXPECT_FALSE(sizes.is_lost());
}

TEST(ChunkSizes, PassesWhatIsWrong) {
  for (const char* body :
       {"hello world\r\n", "2 3\r\n{}\r\n", "2 x", "2\r\n{}X Y", "ffffffffffffffffffff\r\nx y", "\r\n x"})
    expect_pass(body, body, false);
}

}  // namespace
}  // namespace reeld
