#include <gmock/gmock.h>

#include "image/image.hpp"
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

struct OddPngCase {
  std::string name;
  std::string bytes;
  std::uint32_t width = 0;
};

/// Nothing that a decoder must like, but whole: each has its IEND.
class OddPng : public testing::TestWithParam<OddPngCase> {};

TEST_P(OddPng, IsCompleteThroughItsEnd) {
  const ImageReport report = inspect_text(GetParam().bytes);
  EXPECT_EQ(report.state, ImageState::complete) << report.reason;
  EXPECT_EQ(report.type, ImageType::png);
  EXPECT_EQ(report.width, GetParam().width);
  EXPECT_EQ(inspect_text(GetParam().bytes + "trailing").state, ImageState::complete);
}

TEST_P(OddPng, IsTruncatedAtEveryPrefix) {
  const std::string& bytes = GetParam().bytes;
  for (std::size_t size = 8; size < bytes.size(); ++size) {
    const ImageReport report = inspect_text(bytes.substr(0, size));
    ASSERT_EQ(report.state, ImageState::truncated) << size;
    ASSERT_THAT(report.reason, HasSubstr("cut short"));
  }
}

const std::string end = png_chunk("IEND", "");

INSTANTIATE_TEST_SUITE_P(
    Kinds, OddPng,
    testing::Values(
        OddPngCase{"no_header", png_signature() + png_chunk("IDAT", "x") + end},
        OddPngCase{"header_of_another_length",
                   png_signature() + png_chunk("IHDR", std::string(14, 'x')) + end},
        OddPngCase{"no_pixels", png_signature() + png_header(0, 8) + png_chunk("IDAT", "x") + end},
        OddPngCase{"no_data", png_signature() + png_header(8, 8) + end, 8},
        OddPngCase{"no_letters", png_signature() + png_header(8, 8) + png_chunk("ID1T", "x") + end, 8},
        OddPngCase{"end_alone", png_signature() + end},
        OddPngCase{"noise", png_signature() + test::make_noise(3000) + end},
        OddPngCase{"letters", png_signature() + std::string(1000, 'x') + end},
        OddPngCase{"capitals", png_signature() + std::string(1000, 'A') + end},
        OddPngCase{"zeros", png_signature() + std::string(1000, '\0') + end},
        OddPngCase{"noise_for_data", png_signature() + png_header(8, 8) + test::make_noise(1000) + end, 8},
        OddPngCase{"letters_for_data", png_signature() + png_header(8, 8) + std::string(1000, 'x') + end, 8},
        OddPngCase{"apples",
                   png_signature() + png_chunk("CgBI", "\x50\0\x20\6"s) + png_header(8, 8) +
                       png_chunk("IDAT", "x") + end,
                   8}),
    [](const auto& test) { return test.param.name; });

/// A picture within a chunk ends with IEND too, and a copy may stop right there.
TEST(Png, IsNotEndedByAnotherWithinAChunk) {
  const std::string inner = test::make_png(8, 8);
  const std::string png =
      png_signature() + png_header(64, 64) + png_chunk("prVW", inner + "more") + png_chunk("IDAT", "x") + end;
  EXPECT_EQ(inspect_text(png).state, ImageState::complete);
  const std::size_t inner_end = png.find(end) + end.size();
  EXPECT_EQ(inspect_text(png.substr(0, inner_end)).state, ImageState::truncated);
}

TEST(Png, HasItsEndFoundAcrossTheBordersOfBlocks) {
  for (const std::size_t size :
       std::initializer_list<std::size_t>{65'520, 65'528, 65'530, 65'532, 65'535, 65'536, 131'070}) {
    const std::string png = png_signature() + std::string(size, 'x') + end;
    EXPECT_EQ(inspect_text(png).state, ImageState::complete) << size;
    EXPECT_EQ(inspect_text(png.substr(0, png.size() - 5)).state, ImageState::truncated) << size;
  }
}

/// A block that has yet to come, of a file whose blocks come in any order.
TEST(Png, IsStillComingWhereABlockOfZerosIs) {
  const std::string png = png_signature() + png_header(8, 8) + png_chunk("IDAT", std::string(3000, 'x'));
  EXPECT_EQ(inspect_text(png + std::string(4096, '\0') + end).state, ImageState::truncated);
}

TEST(Png, IsStillComingWhereZerosAre) {
  const std::string png = png_signature() + png_header(8, 8) + png_chunk("IDAT", "x");
  EXPECT_EQ(inspect_text(png + std::string(5000, '\0')).state, ImageState::truncated);
  EXPECT_EQ(inspect_text(png_signature() + std::string(5000, '\0')).state, ImageState::truncated);
}

}  // namespace
}  // namespace reeld
