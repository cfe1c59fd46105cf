#include "http/inflate.hpp"

#include <gtest/gtest.h>

#include "support/deflating.hpp"

namespace reeld {
namespace {

using End = Inflated::End;
using test::bare_deflate;
using test::gzip;
using test::zlib;

constexpr std::size_t limit = 100'000;
const std::string text = R"({"id":"video_1","status":"queued"})";

Inflated inflate_headed(std::string_view bytes) {
  return inflate_bytes(bytes, Wrapping::headed, limit);
}

TEST(Inflate, ReadsEachWrapping) {
  for (const std::string& bytes : {gzip(text), zlib(text)}) {
    const Inflated got = inflate_headed(bytes);
    EXPECT_EQ(got.end, End::whole);
    EXPECT_EQ(got.bytes, text);
  }
  EXPECT_EQ(inflate_bytes(bare_deflate(text), Wrapping::raw, limit).bytes, text);
}

TEST(Inflate, ReadsEachMember) {
  const Inflated got = inflate_headed(gzip("one") + gzip("") + gzip("two"));
  EXPECT_EQ(got.end, End::whole);
  EXPECT_EQ(got.bytes, "onetwo");
}

TEST(Inflate, PassesOverWhatStandsBehindTheEnd) {
  EXPECT_EQ(inflate_headed(gzip(text) + std::string(3, '\0') + "and more").bytes, text);
  EXPECT_EQ(inflate_headed(zlib(text) + gzip("other")).bytes, text);
}

TEST(Inflate, WhatIsCutGivesWhatCame) {
  const std::string whole = gzip(text);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Inflated got = inflate_headed(whole.substr(0, size));
    EXPECT_EQ(got.end, End::cut) << size;
    EXPECT_TRUE(text.starts_with(got.bytes)) << size;
  }
  EXPECT_EQ(inflate_headed(gzip("one") + gzip("two").substr(0, 5)).end, End::cut);
}

TEST(Inflate, TellsWhatIsDamaged) {
  std::string bytes = gzip(text);
  bytes[bytes.size() - 6] ^= 1;  // of the checksum
  EXPECT_EQ(inflate_headed(bytes).end, End::broken);
  EXPECT_EQ(inflate_headed(bytes).bytes, text);
  EXPECT_EQ(inflate_headed("no stream at all").end, End::broken);
  EXPECT_EQ(inflate_bytes("\xFF\xFF\xFF", Wrapping::raw, limit).end, End::broken);
}

TEST(Inflate, ABombEndsAtTheLimit) {
  for (const std::size_t size : {limit + 1, std::size_t{50'000'000}}) {
    const Inflated got = inflate_headed(gzip(std::string(size, '0')));
    EXPECT_EQ(got.end, End::too_long);
    EXPECT_EQ(got.bytes.size(), limit);
  }
  EXPECT_EQ(inflate_headed(gzip(std::string(limit, '0'))).end, End::whole);
}

TEST(Inflate, TellsByTheFirstBytes) {
  EXPECT_TRUE(begins_as_gzip(gzip("")));
  EXPECT_TRUE(begins_as_zlib(zlib("")));
  EXPECT_FALSE(begins_as_gzip(zlib("")));
  EXPECT_FALSE(begins_as_zlib(gzip("")));
  for (const char* other : {"", "x", "{\"id\":1}", "<html>", " [1]"}) {
    EXPECT_FALSE(begins_as_gzip(other)) << other;
    EXPECT_FALSE(begins_as_zlib(other)) << other;
  }
}

}  // namespace
}  // namespace reeld
