#include "image/samsung_trailer.hpp"

#include <gmock/gmock.h>

#include "support/images.hpp"
#include "support/text_reader.hpp"

namespace reeld {
namespace {

using namespace std::string_literals;

struct Block {
  unsigned kind;
  std::string name;
  std::string data;
};

/// As a camera writes it.
std::string make_trailer(const std::vector<Block>& blocks) {
  std::string bytes;
  std::vector<std::pair<std::string, std::size_t>> starts;
  for (const Block& block : blocks) {
    const std::string kind = "\0\0"s + test::little_endian(block.kind, 2);
    starts.emplace_back(kind, bytes.size());
    bytes += kind + test::little_endian(block.name.size(), 4) + block.name + block.data;
  }
  const std::size_t end = bytes.size();
  std::string directory = "SEFH" + test::little_endian(107, 4) + test::little_endian(blocks.size(), 4);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t next = i + 1 < starts.size() ? starts[i + 1].second : end;
    directory += starts[i].first + test::little_endian(end - starts[i].second, 4) +
                 test::little_endian(next - starts[i].second, 4);
  }
  return bytes + directory + test::little_endian(directory.size(), 4) + "SEFT";
}

const std::string without_end = [] {
  std::string jpeg = test::make_jpeg(1280, 720, 3000);
  jpeg.resize(jpeg.size() - 2);
  return jpeg;
}();
const std::string trailer =
    make_trailer({{0x0A01, "Image_UTC_Data", "1667231220311"}, {0x0C61, "MCC_Data", "262"}});

ImageState inspect(const std::string& bytes) {
  return test::inspect_text(bytes).state;
}

TEST(SamsungTrailer, EndsAJpegThatHasNoEnd) {
  const ImageReport report = test::inspect_text(without_end + trailer);
  EXPECT_EQ(report.state, ImageState::complete) << report.reason;
  EXPECT_EQ(report.width, 1280U);
  EXPECT_EQ(inspect(without_end + "\xFF\xD9" + trailer), ImageState::complete);
}

TEST(SamsungTrailer, IsWholeOnlyToItsLastByte) {
  const std::string whole = without_end + trailer;
  for (std::size_t size = without_end.size(); size < whole.size(); ++size)
    ASSERT_EQ(inspect(whole.substr(0, size)), ImageState::truncated) << size;
  EXPECT_EQ(inspect(whole + "\0"s), ImageState::truncated);
}

TEST(SamsungTrailer, IsNotItsFourLettersAlone) {
  EXPECT_EQ(inspect(without_end + "SEFT"), ImageState::truncated);
  EXPECT_EQ(inspect(without_end + test::little_endian(24, 4) + "SEFT"), ImageState::truncated);
  const std::string empty = "SEFH" + test::little_endian(107, 4) + test::little_endian(0, 4);
  EXPECT_EQ(inspect(without_end + empty + test::little_endian(12, 4) + "SEFT"), ImageState::truncated);
}

/// Each lacks one thing that makes it one.
TEST(SamsungTrailer, IsJudgedByWhatItsDirectorySays) {
  const std::size_t directory = trailer.find("SEFH");
  const auto change = [&](std::size_t at, const std::string& bytes) {
    std::string changed = trailer;
    changed.replace(at, bytes.size(), bytes);
    return inspect(without_end + changed);
  };
  EXPECT_EQ(change(directory, "SEFH"), ImageState::complete);
  EXPECT_EQ(change(directory, "SEFX"), ImageState::truncated);
  EXPECT_EQ(change(directory + 8, test::little_endian(3, 4)), ImageState::truncated);         // entries
  EXPECT_EQ(change(directory + 12, "\0\0\1\1"s), ImageState::truncated);                      // a kind
  EXPECT_EQ(change(directory + 16, test::little_endian(1 << 20, 4)), ImageState::truncated);  // a distance
  EXPECT_EQ(change(directory + 20, test::little_endian(4000, 4)), ImageState::truncated);     // a size
  EXPECT_EQ(change(trailer.size() - 8, test::little_endian(0xFFFFFFFF, 4)), ImageState::truncated);
  // A part of its blocks is missing: they would begin within what stands before.
  EXPECT_EQ(inspect(without_end + trailer.substr(20)), ImageState::truncated);
}

TEST(SamsungTrailer, DoesNotMakeAPictureOfAHeader) {
  const std::string head = "\xFF\xD8" + test::jpeg_frame(0xC0, 1280, 720);
  EXPECT_EQ(inspect(head + trailer), ImageState::truncated);
}

TEST(SamsungTrailer, LiesBehindWhatWasRead) {
  test::TextReader reader(trailer);
  ByteWindow file(reader);
  EXPECT_TRUE(ends_with_samsung_trailer(file, 0));
  EXPECT_FALSE(ends_with_samsung_trailer(file, 1));
  EXPECT_FALSE(ends_with_samsung_trailer(file, trailer.size()));
}

}  // namespace
}  // namespace reeld
