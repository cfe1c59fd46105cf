#include "image/jpeg_segment.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace reeld {
namespace {

using namespace std::string_literals;

bool is_plausible(unsigned marker, std::uint32_t length, std::string_view data) {
  return is_plausible_segment(marker, length, std::as_bytes(std::span(data)));
}

TEST(JpegSegment, OfAnApplicationBeginsWithItsName) {
  for (const auto& data : {"JFIF\0\1"s, "Exif\0\0II"s, "MPF\0"s, "ICC_PROFILE\0\1"s, "Photoshop 3.0\0x"s,
                           "http://ns.adobe.com/xap/1.0/\0<"s, "Adobe\0d"s}) {
    EXPECT_TRUE(is_plausible(0xE1, 60'000, data)) << data;
  }
  for (const auto& data : {""s, "JFIF"s, "AB\0"s, std::string(64, 'x'), "\0\0\0\0"s, "\x8A\x91\0"s}) {
    EXPECT_FALSE(is_plausible(0xE1, 60'000, data)) << data;
  }
}

TEST(JpegSegment, OfTablesIsNoLongerThanTheyCanBe) {
  EXPECT_TRUE(is_plausible(0xC4, 420, "\x11"));
  EXPECT_FALSE(is_plausible(0xC4, 3000, "\x11"));
  EXPECT_FALSE(is_plausible(0xC4, 420, "x")) << "no table's number";
  EXPECT_FALSE(is_plausible(0xC4, 420, ""));
  EXPECT_TRUE(is_plausible(0xDB, 67, "\0"s));
  EXPECT_FALSE(is_plausible(0xDB, 600, "\0"s));
  EXPECT_TRUE(is_plausible(0xDD, 4, "\0\x08"s));
  EXPECT_FALSE(is_plausible(0xDD, 5, "\0\x08"s));
}

TEST(JpegSegment, OfFramesAndScansIsAsLongAsItsComponents) {
  const std::string frame = "\x08\x02\xD0\x05\x00\x03\x01\x22\x00"s;
  EXPECT_TRUE(is_plausible(0xC0, 17, frame));
  EXPECT_TRUE(is_plausible(0xCF, 17, frame));
  EXPECT_FALSE(is_plausible(0xC0, 16, frame));
  EXPECT_FALSE(is_plausible(0xC0, 17, frame.substr(0, 5)));
  EXPECT_TRUE(is_plausible(0xDA, 12, "\x03\x01"));
  EXPECT_FALSE(is_plausible(0xDA, 13, "\x03\x01"));
}

TEST(JpegSegment, OfACommentIsShortText) {
  EXPECT_TRUE(is_plausible(0xFE, 20, "by hand"));
  EXPECT_FALSE(is_plausible(0xFE, 5000, "by hand"));
  EXPECT_FALSE(is_plausible(0xFE, 20, "\x90y\1d"));
}

TEST(JpegSegment, OfAnyOtherMarkerIsNone) {
  for (const unsigned marker : {0xC8U, 0xF0U, 0xFDU})
    EXPECT_FALSE(is_plausible(marker, 4, "JFIF\0\1"s)) << marker;
}

}  // namespace
}  // namespace reeld
