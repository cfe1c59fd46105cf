#include "image/image.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "support/images.hpp"
#include "support/text_reader.hpp"

namespace reeld {
namespace {

using namespace std::string_literals;
using test::inspect_text;
using testing::HasSubstr;

TEST(ImageType, HasNames) {
  EXPECT_EQ(media_type_of(ImageType::png), "image/png");
  EXPECT_EQ(media_type_of(ImageType::jpeg), "image/jpeg");
  EXPECT_EQ(media_type_of(ImageType::webp), "image/webp");
  EXPECT_EQ(extension_of(ImageType::png), "png");
  EXPECT_EQ(extension_of(ImageType::jpeg), "jpg");
  EXPECT_EQ(extension_of(ImageType::webp), "webp");
}

struct Sample {
  std::string name;
  std::string bytes;
  ImageType type;
};

class CompleteImage : public testing::TestWithParam<Sample> {};

TEST_P(CompleteImage, IsComplete) {
  const ImageReport report = inspect_text(GetParam().bytes);
  EXPECT_EQ(report.state, ImageState::complete) << report.reason;
  EXPECT_EQ(report.type, GetParam().type);
  EXPECT_EQ(report.width, 1280U);
  EXPECT_EQ(report.height, 720U);
  EXPECT_EQ(report.reason, "");
}

TEST_P(CompleteImage, IsTruncatedAtEveryPrefix) {
  const std::string& bytes = GetParam().bytes;
  for (std::size_t size = 0; size < bytes.size(); size += size < 300 ? 1 : 13) {
    const ImageReport report = inspect_text(bytes.substr(0, size));
    ASSERT_EQ(report.state, ImageState::truncated) << size << ": " << report.reason;
    EXPECT_NE(report.reason, "");
  }
  EXPECT_EQ(inspect_text(bytes.substr(0, bytes.size() - 1)).state, ImageState::truncated);
}

TEST_P(CompleteImage, IsTruncatedWhileItsEndIsZeros) {
  const std::string& bytes = GetParam().bytes;
  if (GetParam().type == ImageType::webp) return;  // its length is all that WebP promises
  for (std::size_t size = 0; size + 2 < bytes.size(); size += 7) {
    std::string preallocated = bytes.substr(0, size);
    preallocated.resize(bytes.size(), '\0');
    const ImageReport report = inspect_text(preallocated);
    EXPECT_NE(report.state, ImageState::complete) << size;
  }
}

std::vector<Sample> make_samples() {
  std::vector<Sample> samples;
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 700, 20'000}) {
    const std::string suffix = "_" + std::to_string(size);
    samples.push_back({"png" + suffix, test::make_png(1280, 720, size), ImageType::png});
    samples.push_back({"jpeg" + suffix, test::make_jpeg(1280, 720, size), ImageType::jpeg});
    samples.push_back({"webp" + suffix, test::make_webp(1280, 720, size), ImageType::webp});
  }
  return samples;
}

INSTANTIATE_TEST_SUITE_P(Samples, CompleteImage, testing::ValuesIn(make_samples()),
                         [](const auto& test) { return test.param.name; });

TEST(MadeImages, HaveTheSizeThatWasAskedFor) {
  for (const std::size_t size : std::initializer_list<std::size_t>{100, 8'250, 8'260, 8'270, 100'000}) {
    EXPECT_EQ(test::make_png(8, 8, size).size(), size);
    EXPECT_EQ(test::make_jpeg(8, 8, size).size(), size);
    EXPECT_EQ(test::make_webp(8, 8, size).size(), size);
  }
}

TEST(InspectImage, CallsNothingYetTruncated) {
  EXPECT_EQ(inspect_text("").reason, "the file is empty");
  EXPECT_EQ(inspect_text("").state, ImageState::truncated);
  EXPECT_EQ(inspect_text(std::string(5000, '\0')).state, ImageState::truncated);
}

struct Foreign {
  std::string bytes;
  std::string name;
};

class ForeignFile : public testing::TestWithParam<Foreign> {};

TEST_P(ForeignFile, IsUnknownAndNamed) {
  const ImageReport report = inspect_text(GetParam().bytes);
  EXPECT_EQ(report.state, ImageState::unknown);
  EXPECT_EQ(report.type, std::nullopt);
  EXPECT_THAT(report.reason, HasSubstr("begins like " + GetParam().name + ", not like PNG, JPEG or WebP"));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ForeignFile,
    testing::Values(Foreign{"GIF89a\1\0\1\0"s, "a GIF"}, Foreign{"%PDF-1.7\n", "a PDF"},
                    Foreign{"\0\0\0\x18"s + "ftypheic\0\0\0\0"s, "HEIC"},
                    Foreign{"\0\0\0\x18"s + "ftypavif\0\0\0\0"s, "AVIF"},
                    Foreign{"\0\0\0\x18"s + "ftypisom\0\0\0\0"s, "an MP4 video"},
                    Foreign{"\r\n <!DOCTYPE html><html>", "HTML"}, Foreign{"<HTML><head>", "HTML"},
                    Foreign{"BM\x36\0\0\0"s, "a BMP"}, Foreign{"II*\0abcd"s, "a TIFF"},
                    Foreign{"RIFF\x10\0\0\0WAVEfmt "s, "a RIFF file without a WEBP form"},
                    Foreign{"{\"error\":1}", "JSON"}, Foreign{"\x01\x02\xAB\xCD\xEF", "bytes 01 02 AB CD"},
                    Foreign{"\xFF\xD8x"s, "bytes FF D8 78"}, Foreign{"x", "bytes 78"}));

TEST(InspectImage, LetsTheReadersTroublePass) {
  class Broken : public ByteReader {
    std::uint64_t size() const override { return 100; }
    std::size_t read_at(std::uint64_t, std::span<std::byte>) override { throw std::runtime_error("EIO"); }
  };
  Broken reader;
  EXPECT_THROW(inspect_image(reader), std::runtime_error);
}

TEST(InspectImage, SurvivesAFileThatShrinks) {
  class Shrinking : public test::TextReader {
   public:
    using TextReader::TextReader;
    std::uint64_t size() const override { return 1'000'000; }
  };
  for (const auto& bytes :
       {test::make_png(8, 8, 9'000), test::make_jpeg(8, 8, 9'000), test::make_webp(8, 8, 9'000)}) {
    Shrinking reader(bytes.substr(0, 5'000));
    EXPECT_EQ(inspect_image(reader).state == ImageState::unknown, false);
  }
}

}  // namespace
}  // namespace reeld
