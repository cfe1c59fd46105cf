#include <gmock/gmock.h>

#include "image/image.hpp"
#include "support/images.hpp"
#include "support/text_reader.hpp"

namespace reeld {
namespace {

using namespace std::string_literals;
using test::inspect_text;
using test::little_endian;
using test::webp_chunk;
using test::webp_file;
using testing::HasSubstr;

std::string make_lossless(std::uint32_t width, std::uint32_t height) {
  return webp_file(
      webp_chunk("VP8L", "\x2F"s + little_endian((width - 1) | (height - 1) << 14, 4) + "pixels"));
}

std::string make_extended(std::uint32_t width, std::uint32_t height) {
  const std::string head = "\x10\0\0\0"s + little_endian(width - 1, 3) + little_endian(height - 1, 3);
  return webp_file(webp_chunk("VP8X", head) + webp_chunk("ALPH", "a") +
                   webp_chunk("VP8 ", std::string(20, 'x')));
}

void expect_size(const std::string& bytes, std::uint32_t width, std::uint32_t height) {
  const ImageReport report = inspect_text(bytes);
  EXPECT_EQ(report.state, ImageState::complete) << report.reason;
  EXPECT_EQ(report.width, width);
  EXPECT_EQ(report.height, height);
}

TEST(Webp, HasItsSizeInAnyOfThreeChunks) {
  expect_size(test::make_webp(1280, 720), 1280, 720);
  expect_size(make_lossless(16384, 1), 16384, 1);
  expect_size(make_lossless(1280, 720), 1280, 720);
  expect_size(make_extended(70'000, 720), 70'000, 720);
}

TEST(Webp, IsTruncatedAtEveryPrefix) {
  for (const std::string& bytes : {make_lossless(1280, 720), make_extended(1280, 720)}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_EQ(inspect_text(bytes.substr(0, size)).state, ImageState::truncated) << size;
    }
  }
}

TEST(Webp, MayBeFollowedByAnything) {
  EXPECT_EQ(inspect_text(test::make_webp(8, 8) + "more").state, ImageState::complete);
}

TEST(Webp, NeedsNoPaddingAfterAnOddSize) {
  const std::string chunk = "VP8L" + little_endian(9, 4) + "\x2F\0\0\0\0four"s;
  const std::string odd = "RIFF" + little_endian(4 + chunk.size(), 4) + "WEBP" + chunk;
  EXPECT_EQ(inspect_text(odd.substr(0, odd.size() - 1)).state, ImageState::truncated);
  EXPECT_EQ(inspect_text(odd).state, ImageState::complete);
  EXPECT_EQ(inspect_text(odd + "\0"s).state, ImageState::complete);
}

TEST(Webp, SaysWhatIsMissing) {
  const ImageReport report = inspect_text(test::make_webp(8, 8, 1'000).substr(0, 600));
  EXPECT_THAT(report.reason, HasSubstr("should have 1000 bytes, the file has 600"));
}

TEST(Webp, IsStillComingWhileItsSizeIsZero) {
  EXPECT_EQ(inspect_text("RIFF\0\0\0\0WEBPVP8 "s + std::string(50, 'x')).state, ImageState::truncated);
}

TEST(Webp, IsCompleteByItsLengthWhateverItHolds) {
  for (const std::string& bytes :
       {webp_file(webp_chunk("JUNK", "some data")), webp_file(webp_chunk("VP8L", "no signature")),
        webp_file(webp_chunk("VP8 ", "no start code")), webp_file(test::make_noise(1001)),
        webp_file(std::string(60, '\0')), webp_file("")}) {
    const ImageReport report = inspect_text(bytes);
    EXPECT_EQ(report.state, ImageState::complete) << report.reason;
    EXPECT_EQ(report.type, ImageType::webp);
    EXPECT_EQ(report.width, 0U);
    EXPECT_EQ(inspect_text(bytes.substr(0, bytes.size() - 1)).state, ImageState::truncated);
  }
}

}  // namespace
}  // namespace reeld
