#include "image/video.hpp"

#include <gmock/gmock.h>

#include "support/bytes_of.hpp"
#include "support/images.hpp"
#include "support/text_reader.hpp"

namespace reeld {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::StartsWith;

std::string make_box(std::string_view type, std::string_view content) {
  return test::big_endian(content.size() + 8, 4) + std::string(type) + std::string(content);
}

std::string make_ftyp(std::string_view brand) {
  return make_box("ftyp", std::string(brand) + "\0\0\2\0"s + "isomiso2avc1mp41");
}

/// An EBML head whose elements have sizes of one byte.
std::string make_ebml(std::string_view doc_type) {
  const auto element = [](std::string id, std::string_view content) {
    return id + static_cast<char>(0x80 | content.size()) + std::string(content);
  };
  return element("\x1A\x45\xDF\xA3",
                 element("\x42\x86", "\1") + element("\x42\xF7", "\1") + element("\x42\x82", doc_type));
}

std::optional<VideoType> find(std::string_view head) {
  return find_video_type(bytes_of(head));
}

VideoReport inspect(std::string bytes) {
  test::TextReader reader(std::move(bytes));
  return inspect_video(reader);
}

TEST(FindVideoType, KnowsMp4ByItsFirstBox) {
  for (const char* brand : {"isom", "mp42", "avc1", "qt  ", "M4V ", "iso5", "dash"})
    EXPECT_EQ(find(make_ftyp(brand)), VideoType::mp4) << brand;
  EXPECT_EQ(ending_of(VideoType::mp4), "mp4");
}

TEST(FindVideoType, KnowsWebmByItsDocType) {
  for (const auto& type : {"webm"s, "matroska"s, "webm\0\0"s})
    EXPECT_EQ(find(make_ebml(type)), VideoType::webm) << type;
  EXPECT_EQ(ending_of(VideoType::webm), "webm");
}

TEST(FindVideoType, IsNotTakenInByOthers) {
  for (const char* brand : {"heic", "mif1", "avif", "M4A ", "\1\2\3\4"})
    EXPECT_FALSE(find(make_ftyp(brand))) << brand;
  for (const std::string& head :
       {""s, "<!doctype html><html>"s, "{\"error\":{\"message\":\"ftyp\"}}"s, "    ftypisom........"s,
        test::big_endian(8, 4) + "ftyp", test::big_endian(15, 4) + "ftypisom\0\0\0\0"s,
        test::big_endian(18, 4) + "ftypisom\0\0\0\0"s, test::big_endian(0x10000, 4) + "ftypisom\0\0\0\0"s,
        make_ftyp("isom").substr(0, 15), make_ebml("web"), make_ebml("webmx"), "\x1A\x45\xDF\xA3"s,
        "\x1A\x45\xDF\xA3\x84webm"s, "\x1A\x45\xDF\xA3\xFF"s, "GIF89a"s, "RIFF\0\0\0\0AVI "s,
        test::make_png(8, 8, 30)}) {
    EXPECT_FALSE(find(head)) << head;
  }
}

TEST(InspectVideo, FollowsTheBoxesToTheEnd) {
  const std::string whole =
      make_ftyp("isom") + make_box("moov", "index") + make_box("mdat", std::string(500, 'x'));
  EXPECT_TRUE(inspect(whole).is_whole) << inspect(whole).reason;
  EXPECT_EQ(inspect(whole).type, VideoType::mp4);
  for (std::size_t size = make_ftyp("isom").size(); size < whole.size(); size += 7) {
    const VideoReport report = inspect(whole.substr(0, size));
    EXPECT_EQ(report.type, VideoType::mp4) << size;
    EXPECT_FALSE(report.is_whole) << size;
    EXPECT_NE(report.reason, "") << size;
  }
  const std::string no_index = make_ftyp("isom") + make_box("mdat", "x");
  EXPECT_THAT(inspect(no_index).reason, HasSubstr("no index"));
}

TEST(InspectVideo, ReadsSizesOfEightBytesAndThoseToTheEnd) {
  const std::string large =
      make_ftyp("isom") + make_box("moov", "") + "\0\0\0\1mdat"s + test::big_endian(20, 8) + "1234";
  EXPECT_TRUE(inspect(large).is_whole) << inspect(large).reason;
  EXPECT_FALSE(inspect(large.substr(0, large.size() - 1)).is_whole);
  EXPECT_TRUE(inspect(make_ftyp("isom") + make_box("moov", "") + "\0\0\0\0mdat and more"s).is_whole);
  EXPECT_THAT(inspect(make_ftyp("isom") + "\0\0\0\3moov"s).reason, HasSubstr("impossible size"));
  EXPECT_FALSE(inspect(make_ftyp("isom") + "\0\0\0\1moov"s + test::big_endian(~0ULL, 8)).is_whole);
}

TEST(InspectVideo, LooksAtTheSegmentOfWebm) {
  const std::string segment = "\x18\x53\x80\x67";
  EXPECT_TRUE(inspect(make_ebml("webm") + segment + "\x84" + "1234").is_whole);
  EXPECT_THAT(inspect(make_ebml("webm") + segment + "\x84" + "123").reason,
              StartsWith("the file ends after"));
  EXPECT_TRUE(inspect(make_ebml("webm") + segment + "\xFF" + "anything").is_whole)
      << "a live stream's has no size";
  EXPECT_FALSE(inspect(make_ebml("webm") + segment).is_whole);
  EXPECT_FALSE(inspect(make_ebml("webm")).is_whole);
}

TEST(InspectVideo, SaysWhatItFoundInstead) {
  EXPECT_EQ(inspect("<html>gone</html>").reason, "the file begins like HTML, not like MP4 or WebM");
  EXPECT_EQ(inspect("").reason, "the file is empty");
  EXPECT_FALSE(inspect("<html>").type);
}

}  // namespace
}  // namespace reeld
