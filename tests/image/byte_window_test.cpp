#include "image/byte_window.hpp"

#include <gtest/gtest.h>

#include "support/images.hpp"
#include "support/text_reader.hpp"

namespace reeld {
namespace {

TEST(ByteWindow, ShowsWhatTheFileHas) {
  const std::string bytes = test::make_noise(10'000);
  test::TextReader reader(bytes);
  ByteWindow window(reader);
  for (const std::size_t at : std::initializer_list<std::size_t>{0, 1, 4090, 4096, 9000, 50, 9990}) {
    EXPECT_EQ(as_text(window.view(at, 10)), bytes.substr(at, 10)) << at;
  }
}

TEST(ByteWindow, IsShortAtTheEnd) {
  test::TextReader reader("0123456789");
  ByteWindow window(reader);
  EXPECT_EQ(as_text(window.view(7, 8)), "789");
  EXPECT_EQ(as_text(window.view(10, 8)), "");
  EXPECT_EQ(as_text(window.view(1'000'000, 8)), "");
  EXPECT_EQ(as_text(window.view(0, 3)), "012");
}

TEST(ByteWindow, ReadsOnceForWhatLiesTogether) {
  test::TextReader reader(test::make_noise(10'000));
  ByteWindow window(reader);
  for (std::size_t at = 0; at + 8 <= ByteWindow::width; ++at) window.view(at, 8);
  EXPECT_EQ(reader.reads, 1);
}

TEST(ReadIntegers, InBothOrders) {
  const auto bytes = std::as_bytes(std::span("\x01\x02\x03\xF4"));
  EXPECT_EQ(read_big_endian(bytes, 4), 0x010203F4U);
  EXPECT_EQ(read_big_endian(bytes, 2), 0x0102U);
  EXPECT_EQ(read_little_endian(bytes, 4), 0xF4030201U);
  EXPECT_EQ(read_little_endian(bytes, 3), 0x030201U);
}

TEST(FindBytes, LooksFromTheOffsetToTheEnd) {
  test::TextReader reader("abcabd");
  EXPECT_TRUE(find_bytes(reader, 0, "abc"));
  EXPECT_FALSE(find_bytes(reader, 1, "abc"));
  EXPECT_TRUE(find_bytes(reader, 3, "abd"));
  EXPECT_FALSE(find_bytes(reader, 4, "abd"));
  EXPECT_FALSE(find_bytes(reader, 100, "abc"));
}

TEST(FindBytes, FindsThemAcrossItsBlocks) {
  for (std::size_t at = 65'530; at <= 65'537; ++at) {
    test::TextReader reader(std::string(at, 'x') + "needle" + std::string(100'000, 'x'));
    EXPECT_TRUE(find_bytes(reader, 0, "needle")) << at;
    EXPECT_FALSE(find_bytes(reader, at + 1, "needle")) << at;
  }
}

}  // namespace
}  // namespace reeld
