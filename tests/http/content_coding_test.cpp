#include "http/content_coding.hpp"

#include <gmock/gmock.h>

#include "support/deflating.hpp"

namespace reeld {
namespace {

using test::bare_deflate;
using test::gzip;
using test::zlib;
using testing::HasSubstr;

const std::string text = R"({"id":"video_1","status":"queued"})";

Reply take_off(Headers headers, std::string body) {
  Reply reply;
  reply.status = 200;
  reply.headers = std::move(headers);
  reply.body = std::move(body);
  take_codings_off(reply, kibibytes(64));
  return reply;
}

Reply take_off(const std::string& coding, std::string body) {
  return take_off({{"content-Encoding", coding}}, std::move(body));
}

void expect_text(const Reply& reply) {
  EXPECT_EQ(reply.body, text);
  EXPECT_EQ(reply.coding, "");
  EXPECT_EQ(reply.flaw, "");
}

TEST(TakeCodingsOff, InflatesWhatIsNamed) {
  for (const char* name : {"gzip", "x-gzip", "GZip", "gzip, identity", " , gzip"})
    expect_text(take_off(name, gzip(text)));
  expect_text(take_off("deflate", zlib(text)));
  expect_text(take_off("deflate", bare_deflate(text)));
}

TEST(TakeCodingsOff, TakesTheLastOffFirst) {
  expect_text(take_off("gzip, gzip", gzip(gzip(text))));
  expect_text(take_off("deflate, gzip", gzip(bare_deflate(text))));
  expect_text(take_off({{"Content-Encoding", "deflate"}, {"Content-Encoding", "gzip"}}, gzip(zlib(text))));
  expect_text(take_off({{"Transfer-Encoding", "gzip, chunked"}}, gzip(text)));
  expect_text(take_off({{"Transfer-Encoding", "gzip"}, {"Content-Encoding", "deflate"}}, gzip(zlib(text))));
}

TEST(TakeCodingsOff, LeavesTextAsItIsWhateverIsSaidOfIt) {
  for (const char* name : {"gzip", "deflate", "br", "zstd", "utf-8", "identity", ""})
    expect_text(take_off(name, text));
  expect_text(take_off(Headers{}, text));
  EXPECT_EQ(take_off("gzip", "").body, "");
  EXPECT_EQ(take_off("gzip", "").flaw, "");
}

TEST(TakeCodingsOff, KnowsGzipByItsFirstBytes) {
  expect_text(take_off(Headers{}, gzip(text)));
  expect_text(take_off(Headers{}, gzip(gzip(text))));
  expect_text(take_off("utf-8", gzip(text)));
  expect_text(take_off("gzip", zlib(text)));
  expect_text(take_off("deflate", gzip(text)));
}

TEST(TakeCodingsOff, KeepsWhatItCannotRead) {
  const std::string brotli = "\x0B\x02\x80{}\x03";
  for (const char* name : {"br", "zstd", "compress"}) {
    const Reply reply = take_off(name, brotli);
    EXPECT_EQ(reply.body, brotli);
    EXPECT_EQ(reply.coding, name);
    EXPECT_EQ(reply.flaw, "is compressed as " + std::string(name) + ", which reeld cannot read");
  }
  EXPECT_EQ(take_off("br, gzip", gzip(brotli)).body, brotli);
  EXPECT_EQ(take_off("br, gzip", gzip(brotli)).coding, "br");
  const Reply reply = take_off("gzip", brotli);
  EXPECT_EQ(reply.body, brotli);
  EXPECT_EQ(reply.flaw, "is compressed as gzip, and damaged");
}

TEST(TakeCodingsOff, ShowsWhatCanBeReadOfABrokenStream) {
  const std::string cut = gzip(text).substr(0, gzip(text).size() - 8);
  const Reply reply = take_off("gzip", cut);
  EXPECT_EQ(reply.body, cut);
  EXPECT_EQ(reply.coding, "gzip");
  EXPECT_EQ(reply.flaw, "is compressed as gzip, and breaks off in the middle");
  EXPECT_EQ(reply.glimpse, text);
  EXPECT_EQ(take_off(Headers{}, cut).coding, "gzip");
}

TEST(TakeCodingsOff, ABombIsTooLong) {
  const std::string bomb = gzip(std::string(10'000'000, ' '));
  for (const std::string& body : {bomb, gzip(bomb)}) {
    const Reply reply = take_off("gzip, gzip", body);
    EXPECT_EQ(reply.body, bomb);
    EXPECT_EQ(reply.flaw, "is compressed as gzip, and longer than 65536 bytes once it is inflated");
  }
}

TEST(TakeCodingsOff, DoesNotUnwrapForEver) {
  std::string body = text;
  for (int i = 0; i < 5; ++i) body = gzip(body);
  EXPECT_THAT(take_off("gzip,gzip,gzip,gzip,gzip", body).flaw, HasSubstr("5 times over"));
  EXPECT_TRUE(take_off(Headers{}, gzip(body)).body.starts_with("\x1F\x8B"));
}

}  // namespace
}  // namespace reeld
