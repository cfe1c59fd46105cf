#include <gmock/gmock.h>

#include "codec/image.hpp"
#include "support/images.hpp"
#include "support/text_reader.hpp"

namespace reeld {
namespace {

using namespace std::string_literals;
using test::inspect_text;
using test::png_chunk;
using test::png_header;
using test::png_signature;
using testing::HasSubstr;

TEST(Png, MayBeFollowedByAnything) {
  EXPECT_EQ(inspect_text(test::make_png(8, 8) + "trailing").state, ImageState::complete);
}

TEST(Png, MayHoldManyTinyChunks) {
  std::string png = png_signature() + png_header(8, 8);
  for (int i = 0; i < 5'000; ++i) png += png_chunk("IDAT", "");
  test::TextReader reader(png + png_chunk("IEND", ""));
  EXPECT_EQ(inspect_image(reader).state, ImageState::complete);
  EXPECT_LT(reader.reads, 100);
}

TEST(Png, ReadsLittleOfALargeFile) {
  test::TextReader reader(png_signature() + png_header(8, 8) + png_chunk("IDAT", std::string(4 << 20, 'x')) +
                          png_chunk("IEND", ""));
  EXPECT_EQ(inspect_image(reader).state, ImageState::complete);
  EXPECT_LE(reader.reads, 3);
  EXPECT_LT(reader.bytes_read, 20'000U);
}

TEST(Png, SaysWhatIsMissing) {
  const std::string png = test::make_png(640, 480, 1'000);
  const ImageReport report = inspect_text(png.substr(0, 500));
  EXPECT_EQ(report.state, ImageState::truncated);
  EXPECT_THAT(report.reason, HasSubstr("IDAT"));
  EXPECT_THAT(report.reason, HasSubstr("the file ends at 500"));
  EXPECT_EQ(report.width, 640U);
}

struct BrokenPngCase {
  std::string name;
  std::string bytes;
};

class BrokenPng : public testing::TestWithParam<BrokenPngCase> {};

TEST_P(BrokenPng, WillNeverBeRight) {
  const ImageReport report = inspect_text(GetParam().bytes);
  EXPECT_EQ(report.state, ImageState::unknown);
  EXPECT_EQ(report.type, ImageType::png);
  EXPECT_THAT(report.reason, HasSubstr("not well-formed"));
}

const std::string end = png_chunk("IEND", "");

INSTANTIATE_TEST_SUITE_P(
    Kinds, BrokenPng,
    testing::Values(
        BrokenPngCase{"no_header", png_signature() + png_chunk("IDAT", "x") + end},
        BrokenPngCase{"header_of_another_length",
                      png_signature() + png_chunk("IHDR", std::string(14, 'x')) + end},
        BrokenPngCase{"no_pixels", png_signature() + png_header(0, 8) + png_chunk("IDAT", "x") + end},
        BrokenPngCase{"no_data", png_signature() + png_header(8, 8) + end},
        BrokenPngCase{"no_letters", png_signature() + png_header(8, 8) + png_chunk("ID1T", "x") + end},
        BrokenPngCase{"endless_chunk",
                      png_signature() + png_header(8, 8) + "\xFF\xFF\xFF\xFFIDAT" + std::string(100, 'x')}),
    [](const auto& test) { return test.param.name; });

TEST(Png, IsStillComingWhereZerosAre) {
  const std::string png = png_signature() + png_header(8, 8) + png_chunk("IDAT", "x");
  EXPECT_EQ(inspect_text(png + std::string(5000, '\0')).state, ImageState::truncated);
  EXPECT_EQ(inspect_text(png_signature() + std::string(5000, '\0')).state, ImageState::truncated);
}

}  // namespace
}  // namespace reeld
