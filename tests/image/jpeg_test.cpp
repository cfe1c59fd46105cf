#include <gmock/gmock.h>

#include "image/image.hpp"
#include "support/images.hpp"
#include "support/text_reader.hpp"

namespace reeld {
namespace {

using namespace std::string_literals;
using test::inspect_text;
using test::jpeg_frame;
using test::jpeg_noise;
using test::jpeg_scan_head;
using test::jpeg_segment;
using testing::HasSubstr;

const std::string soi = "\xFF\xD8";
const std::string eoi = "\xFF\xD9";
const std::string huffman = jpeg_segment(0xC4, std::string(30, '\x11'));

std::string make_progressive(std::size_t scan_size = 400) {
  return soi + jpeg_frame(0xC2, 1280, 720) + huffman + jpeg_scan_head(3) + jpeg_noise(scan_size) + huffman +
         jpeg_scan_head(1) + jpeg_noise(scan_size) + jpeg_scan_head(1) + jpeg_noise(scan_size) + eoi;
}

/// A camera's file: APP1 holds a whole small JPEG.
std::string make_with_thumbnail() {
  const std::string thumbnail = test::make_jpeg(160, 120, 500);
  return soi + jpeg_segment(0xE1, "Exif\0\0"s + thumbnail) + jpeg_frame(0xC0, 1280, 720) + jpeg_scan_head(3) +
         jpeg_noise(300) + eoi;
}

void expect_complete(const std::string& bytes) {
  const ImageReport report = inspect_text(bytes);
  EXPECT_EQ(report.state, ImageState::complete) << report.reason;
  EXPECT_EQ(report.width, 1280U);
  EXPECT_EQ(report.height, 720U);
}

void expect_every_prefix_truncated(const std::string& bytes) {
  for (std::size_t size = 3; size < bytes.size(); ++size) {
    const ImageReport report = inspect_text(bytes.substr(0, size));
    ASSERT_EQ(report.state, ImageState::truncated) << size << ": " << report.reason;
  }
}

TEST(Jpeg, MayBeProgressive) {
  expect_complete(make_progressive());
  expect_every_prefix_truncated(make_progressive());
}

TEST(Jpeg, MayHaveAnEndInItsThumbnail) {
  const std::string jpeg = make_with_thumbnail();
  expect_complete(jpeg);
  expect_every_prefix_truncated(jpeg);
  const std::size_t thumbnails_end = jpeg.find(eoi) + 2;
  EXPECT_EQ(inspect_text(jpeg.substr(0, thumbnails_end)).state, ImageState::truncated);
}

TEST(Jpeg, MayBeFollowedByOtherImages) {
  const std::string first = make_with_thumbnail();
  expect_complete(first + test::make_jpeg(640, 360, 900));  // MPF
  expect_complete(first +
                  test::make_jpeg(640, 360, 900).substr(0, 500));  // ... cut: the first image is whole
  expect_complete(first + "\0\0\0\x18"s + "ftypmp42" + std::string(300, 'v'));  // a motion photo
  expect_complete(make_progressive() + std::string(10, '\0'));
}

TEST(Jpeg, MayHaveSeveralScansInSequentialMode) {
  const std::string jpeg = soi + jpeg_frame(0xC1, 1280, 720) + jpeg_scan_head(1) + jpeg_noise(100) +
                           jpeg_scan_head(1) + jpeg_noise(100) + jpeg_scan_head(1) + jpeg_noise(100) + eoi;
  expect_complete(jpeg);
  expect_every_prefix_truncated(jpeg);
}

TEST(Jpeg, IsNotEndedByWhatStandsInASegmentBetweenScans) {
  const std::string jpeg = soi + jpeg_frame(0xC2, 1280, 720) + jpeg_scan_head(3) + jpeg_noise(100) +
                           jpeg_segment(0xFE, "comment" + eoi) + jpeg_scan_head(1) + jpeg_noise(100) + eoi;
  expect_complete(jpeg);
  const std::size_t inner_end = jpeg.find(eoi) + 2;
  EXPECT_EQ(inspect_text(jpeg.substr(0, inner_end)).state, ImageState::truncated);
}

TEST(Jpeg, MayHaveFillBytes) {
  const std::string jpeg = soi + "\xFF\xFF" + jpeg_frame(0xC2, 1280, 720) + "\xFF" + jpeg_scan_head(3) +
                           jpeg_noise(50) + "\xFF\xFF\xFF" + eoi;
  expect_complete(jpeg);
  expect_every_prefix_truncated(jpeg);
}

TEST(Jpeg, IsFoundToEndWhereverTheBlocksDo) {
  const std::string head = soi + jpeg_frame(0xC2, 1280, 720) + jpeg_scan_head(3);
  for (const std::size_t size :
       std::initializer_list<std::size_t>{65'534, 65'535, 65'536, 65'537, 131'071, 131'072}) {
    std::string scan(size, 'x');
    expect_complete(head + scan + eoi);
    scan.replace(size - 1, 1, "\xFF");  // a fill byte before the last marker
    expect_complete(head + scan + eoi);
    EXPECT_EQ(inspect_text(head + scan).state, ImageState::truncated);
    EXPECT_EQ(inspect_text(head + std::string(size, '\xFF')).state, ImageState::truncated);
  }
}

TEST(Jpeg, ReadsLittleOfALargeBaselineFile) {
  test::TextReader reader(test::make_jpeg(1280, 720, 4 << 20));
  EXPECT_EQ(inspect_image(reader).state, ImageState::complete);
  EXPECT_LE(reader.reads, 2);
  EXPECT_LE(reader.bytes_read, 8192U);
}

TEST(Jpeg, IsStillComingWhereZerosAre) {
  const std::string head = soi + jpeg_frame(0xC0, 1280, 720);
  EXPECT_EQ(inspect_text(head + std::string(9000, '\0')).state, ImageState::truncated);
  EXPECT_EQ(inspect_text(head + jpeg_scan_head(3) + std::string(90'000, '\0')).state, ImageState::truncated);
}

struct OddJpegCase {
  std::string name;
  std::string bytes;
};

/// Nothing that a decoder must like, but whole: each ends with EOI.
class OddJpeg : public testing::TestWithParam<OddJpegCase> {};

TEST_P(OddJpeg, IsCompleteThroughItsEnd) {
  for (const std::string& padding : {""s, "\0\0\0"s, "\r\n"s, std::string(9000, '\0')}) {
    const ImageReport report = inspect_text(GetParam().bytes + padding);
    EXPECT_EQ(report.state, ImageState::complete) << report.reason;
    EXPECT_EQ(report.type, ImageType::jpeg);
  }
}

TEST_P(OddJpeg, IsTruncatedWithoutIt) {
  const std::string& bytes = GetParam().bytes;
  for (std::size_t size = 3; size < bytes.size(); ++size) {
    const ImageReport report = inspect_text(bytes.substr(0, size));
    ASSERT_EQ(report.state, ImageState::truncated) << size;
    ASSERT_THAT(report.reason, HasSubstr("cut short"));
  }
}

const std::string frame = jpeg_frame(0xC2, 8, 8);
const std::string jfif = jpeg_segment(0xE0, "JFIF\0\1\2\0\0\1\0\1\0\0"s);
/// Without FFD9, and in no other way like a JPEG.
const std::string noise = [] {
  std::string bytes = test::make_noise(3000);
  for (std::size_t at = 0; (at = bytes.find(eoi, at)) != std::string::npos;) bytes[at] = 'x';
  return bytes;
}();

INSTANTIATE_TEST_SUITE_P(
    Kinds, OddJpeg,
    testing::Values(
        OddJpegCase{"end_after_start", soi + eoi}, OddJpegCase{"end_after_name", soi + jfif + eoi},
        OddJpegCase{"end_after_frame", soi + frame + eoi},
        OddJpegCase{"noise", soi + "\xFF\xE0" + noise + eoi},
        OddJpegCase{"noise_for_a_table", soi + "\xFF\xDB" + noise + eoi},
        OddJpegCase{"noise_after_name", soi + jfif + noise + eoi},
        OddJpegCase{"noise_for_a_scan", soi + jfif + frame + jpeg_scan_head(3) + noise + eoi},
        OddJpegCase{"letters", soi + "\xFF\xE0" + std::string(1000, 'x') + eoi},
        OddJpegCase{"letters_for_exif", soi + "\xFF\xE1" + std::string(1000, 'A') + eoi},
        OddJpegCase{"letters_for_a_table", soi + "\xFF\xDB" + std::string(1000, 'x') + eoi},
        OddJpegCase{"letters_for_a_comment", soi + "\xFF\xFE" + std::string(1000, 'x') + eoi},
        OddJpegCase{"zeros", soi + "\xFF\xE0" + std::string(1000, '\0') + eoi},
        OddJpegCase{"zeros_after_name", soi + jfif + std::string(1000, '\0') + eoi},
        OddJpegCase{"one_byte_segment", soi + "\xFF\xE0\0\1"s + eoi},
        OddJpegCase{"no_marker", soi + frame + "xx" + eoi},
        OddJpegCase{"start_again", soi + "\xFF" + soi + eoi},
        OddJpegCase{"reserved_marker", soi + "\xFF\x02\0\2"s + eoi},
        OddJpegCase{"scan_without_frame", soi + jpeg_scan_head(3) + "x" + eoi},
        OddJpegCase{"short_frame", soi + jpeg_segment(0xC0, "\x08") + "padding" + eoi},
        OddJpegCase{"marker_in_scan", soi + frame + jpeg_scan_head(3) + "abc\xFF\x02" + eoi},
        OddJpegCase{"start_in_scan", soi + frame + jpeg_scan_head(3) + "abc" + soi + eoi},
        OddJpegCase{"zero_length_in_scan", soi + frame + jpeg_scan_head(3) + "abc\xFF\xC4\0\0"s + eoi},
        OddJpegCase{"no_segment_in_scan", soi + frame + jpeg_scan_head(3) + "abc\xFF\xC4xxxx" + eoi}),
    [](const auto& test) { return test.param.name; });

/// A copy that stops within a sound header is cut, whatever its last two bytes happen to be.
TEST(Jpeg, IsNotEndedByWhatASoundSegmentHolds) {
  const std::string exif = soi + jpeg_segment(0xE1, "Exif\0\0"s + std::string(200, 'x'));
  for (std::size_t size = 20; size < exif.size() - 2; ++size) {
    ASSERT_EQ(inspect_text(exif.substr(0, size) + eoi).state, ImageState::truncated) << size;
  }
  const std::string table = soi + jpeg_segment(0xC4, std::string(400, '\x11'));
  EXPECT_EQ(inspect_text(table.substr(0, 100) + eoi).state, ImageState::truncated);
}

TEST(Jpeg, IsStillComingWhereABlockOfZerosIs) {
  const std::string head = soi + jpeg_segment(0xE1, "Exif\0\0"s + std::string(2000, 'x'));
  EXPECT_EQ(inspect_text(head + std::string(4096, '\0') + eoi).state, ImageState::truncated);
}

TEST(Jpeg, IsNotEndedByAnEndBeforeItsScan) {
  EXPECT_EQ(inspect_text(soi + eoi + std::string(100, 'x')).state, ImageState::truncated);
  EXPECT_EQ(inspect_text(soi + jfif + eoi + std::string(100, 'x')).state, ImageState::truncated);
}

TEST(Jpeg, HasNoSizeWhereItsFrameIsNone) {
  const ImageReport report = inspect_text(soi + "\xFF\xC0\x7F\xFF" + std::string(40'000, 'x') + eoi);
  EXPECT_EQ(report.state, ImageState::complete) << report.reason;
  EXPECT_EQ(report.width, 0U);
}

}  // namespace
}  // namespace reeld
