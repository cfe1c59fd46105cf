#include <gmock/gmock.h>

#include "codec/image.hpp"
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

struct BrokenJpegCase {
  std::string name;
  std::string bytes;
};

class BrokenJpeg : public testing::TestWithParam<BrokenJpegCase> {};

TEST_P(BrokenJpeg, WillNeverBeRight) {
  const ImageReport report = inspect_text(GetParam().bytes);
  EXPECT_EQ(report.state, ImageState::unknown);
  EXPECT_THAT(report.reason, HasSubstr("not well-formed"));
}

const std::string frame = jpeg_frame(0xC2, 8, 8);

INSTANTIATE_TEST_SUITE_P(
    Kinds, BrokenJpeg,
    testing::Values(BrokenJpegCase{"no_marker", soi + frame + "xx"},
                    BrokenJpegCase{"zero_length_segment", soi + "\xFF\xE0\0\0"s},
                    BrokenJpegCase{"one_byte_segment", soi + "\xFF\xE0\0\1"s},
                    BrokenJpegCase{"end_without_image", soi + frame + eoi},
                    BrokenJpegCase{"start_again", soi + "\xFF" + soi},
                    BrokenJpegCase{"reserved_marker", soi + "\xFF\x02\0\2"s},
                    BrokenJpegCase{"scan_without_frame", soi + jpeg_scan_head(3) + "x" + eoi},
                    BrokenJpegCase{"short_frame", soi + jpeg_segment(0xC0, "\x08") + "padding"},
                    BrokenJpegCase{"marker_in_scan", soi + frame + jpeg_scan_head(3) + "abc\xFF\x02" + eoi},
                    BrokenJpegCase{"start_in_scan", soi + frame + jpeg_scan_head(3) + "abc" + soi + eoi},
                    BrokenJpegCase{"zero_length_in_scan",
                                   soi + frame + jpeg_scan_head(3) + "abc\xFF\xC4\0\0"s + eoi}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace reeld
