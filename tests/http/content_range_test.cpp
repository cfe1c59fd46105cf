#include "http/content_range.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(ParseContentRange, ReadsRanges) {
  struct Case {
    std::string_view value;
    ContentRange range;
  };
  const Case cases[] = {
      {"bytes 0-0/1", {true, 0, 0, 1}},
      {"bytes 42-1233/1234", {true, 42, 1233, 1234}},
      {"bytes 42-1233/*", {true, 42, 1233, {}}},
      {"BYTES 42-1233/1234", {true, 42, 1233, 1234}},
      {" bytes  42-1233/1234 ", {true, 42, 1233, 1234}},
      {"bytes */1234", {false, 0, 0, 1234}},
      {"bytes 0-18446744073709551614/18446744073709551615",
       {true, 0, 18446744073709551614U, 18446744073709551615U}},
  };
  for (const Case& row : cases) EXPECT_EQ(parse_content_range(row.value), row.range) << row.value;
}

TEST(ParseContentRange, RefusesWhatContradictsItselfOrIsNone) {
  for (const char* value :
       {"", "bytes", "bytes ", "bytes 1-2", "bytes 2-1/9", "bytes 1-9/9", "bytes 1-9/", "bytes -9/10",
        "bytes 1-/10", "bytes */*", "bytes +1-2/9", "bytes 1 -2/9", "items 1-2/9", "bytes=1-2/9",
        "bytes 0-18446744073709551616/*", "bytes 1-2/9, bytes 3-4/9", "bytes 0x1-2/9"}) {
    EXPECT_EQ(parse_content_range(value), std::nullopt) << value;
  }
}

TEST(IsStrongEtag, TellsStrongFromWeakAndFromNone) {
  for (const char* value : {"\"\"", "\"xyzzy\"", "\"W/\"", "\"a'b!\"", "\"\xE4\""})
    EXPECT_TRUE(is_strong_etag(value)) << value;
  for (const char* value :
       {"", "\"", "xyzzy", "W/\"xyzzy\"", "w/\"xyzzy\"", "\"a\"b\"", "\"a b\"", "\"a\x7F\""})
    EXPECT_FALSE(is_strong_etag(value)) << value;
}

const PartialFile partial{100, "\"v1\"", 1000};

TEST(CanResume, NeedsSomeBytesAndAStrongTag) {
  EXPECT_TRUE(can_resume(partial));
  EXPECT_FALSE(can_resume({0, "\"v1\"", 1000}));
  EXPECT_FALSE(can_resume({100, "", 1000}));
  EXPECT_FALSE(can_resume({100, "W/\"v1\"", 1000}));
  EXPECT_THAT(resume_headers(partial), ElementsAre(Pair("Range", "bytes=100-"), Pair("If-Range", "\"v1\"")));
}

struct Case {
  const char* what;
  int status;
  Headers headers;
  ResumeKind kind;
  std::optional<std::uint64_t> expected{};
  std::optional<std::uint64_t> length{};
};

TEST(JudgeResume, TellsWhatTheReplyIsWorthForTheRest) {
  using enum ResumeKind;
  const Case cases[] = {
      {"the rest", 206, {{"Content-Range", "bytes 100-999/1000"}}, append, 900, 1000},
      {"some of the rest", 206, {{"Content-Range", "bytes 100-199/1000"}}, append, 100, 1000},
      {"an unknown length", 206, {{"Content-Range", "bytes 100-999/*"}}, append, 900, 1000},
      {"the tag repeated",
       206,
       {{"Content-Range", "bytes 100-999/1000"}, {"ETag", "\"v1\""}},
       append,
       900,
       1000},
      {"another tag", 206, {{"Content-Range", "bytes 100-999/1000"}, {"ETag", "\"v2\""}}, ask_again},
      {"the tag made weak", 206, {{"Content-Range", "bytes 100-999/1000"}, {"ETag", "W/\"v1\""}}, ask_again},
      {"another beginning", 206, {{"Content-Range", "bytes 0-999/1000"}}, ask_again},
      {"another length", 206, {{"Content-Range", "bytes 100-1999/2000"}}, ask_again},
      {"no range", 206, {}, ask_again},
      {"several ranges", 206, {{"Content-Type", "multipart/byteranges; boundary=x"}}, ask_again},
      {"a length that contradicts",
       206,
       {{"Content-Range", "bytes 100-999/1000"}, {"Content-Length", "7"}},
       ask_again},
      {"the whole file", 200, {{"Content-Length", "1000"}}, replace, 1000, 1000},
      {"the whole file, chunked", 200, {}, replace},
      {"a changed copy", 203, {{"Content-Length", "5"}}, replace, 5, 5},
      {"it was whole", 416, {{"Content-Range", "bytes */100"}}, ask_again},
      {"no length", 416, {}, ask_again},
      {"accepted, and no file", 202, {}, refused},
      {"no content", 204, {}, refused},
      {"a redirect", 302, {{"Location", "/x"}}, refused},
      {"gone", 410, {}, refused},
      {"a page", 500, {}, refused},
  };
  for (const Case& row : cases) {
    const ResumeAnswer answer = judge_resume(Reply{row.status, row.headers, ""}, partial);
    EXPECT_EQ(answer.kind, row.kind) << row.what;
    EXPECT_EQ(answer.expected, row.expected) << row.what;
    EXPECT_EQ(answer.length, row.length) << row.what;
  }
}

TEST(JudgeResume, KnowsThatNothingIsMissing) {
  const Reply reply{416, {{"Content-Range", "bytes */100"}}, ""};
  EXPECT_EQ(judge_resume(reply, PartialFile{100, "\"v1\"", 100}).kind, ResumeKind::whole);
  EXPECT_EQ(judge_resume(reply, PartialFile{100, "\"v1\"", {}}).kind, ResumeKind::whole);
  EXPECT_EQ(judge_resume(reply, PartialFile{101, "\"v1\"", {}}).kind, ResumeKind::ask_again);
}

TEST(JudgeResume, TakesNoPartThatWasNotAskedFor) {
  const Headers headers{{"Content-Range", "bytes 0-999/1000"}};
  EXPECT_EQ(judge_resume(Reply{206, headers, ""}, std::nullopt).kind, ResumeKind::ask_again);
  EXPECT_EQ(judge_resume(Reply{416, headers, ""}, std::nullopt).kind, ResumeKind::refused);
  EXPECT_EQ(judge_resume(Reply{200, headers, ""}, std::nullopt).kind, ResumeKind::replace);
}

}  // namespace
}  // namespace reeld
