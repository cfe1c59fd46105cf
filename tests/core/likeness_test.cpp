#include "core/likeness.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

ApiReply make_error(int status, const std::string& code, const std::string& text) {
  ApiReply reply;
  reply.status = status;
  reply.error_object = true;
  if (!code.empty()) reply.codes.push_back(code);
  if (!text.empty()) reply.texts.push_back(text);
  return reply;
}

std::string likeness(const ApiReply& reply, const std::vector<std::string_view>& values = {}) {
  return likeness_of(reply, values);
}

TEST(LikenessTest, StatusCodeAndMessageTell) {
  const std::string one = likeness(make_error(400, "invalid_value", "seconds must be one of these"));
  EXPECT_EQ(one, likeness(make_error(400, "invalid_value", "Seconds must be one of these")));
  EXPECT_NE(one, likeness(make_error(422, "invalid_value", "seconds must be one of these")));
  EXPECT_NE(one, likeness(make_error(400, "invalid_size", "seconds must be one of these")));
  EXPECT_NE(one, likeness(make_error(400, "invalid_value", "size must be one of these")));
}

TEST(LikenessTest, NumbersOfRequestsAndTimesDoNot) {
  EXPECT_EQ(likeness(make_error(404, "", "no such model (request id: 20261129112233X9f2)")),
            likeness(make_error(404, "", "no such model (request id: 20261129112301aQ77)")));
  EXPECT_EQ(likeness(make_error(400, "", "bad at 11:22:33, trace 5f0a-77")),
            likeness(make_error(400, "", "bad at 11:23:01, trace 00b1-9c")));
}

TEST(LikenessTest, OfAPageTheStatusAlone) {
  ApiReply page;
  page.status = 403;
  page.page = "Just a moment...";
  ApiReply other = page;
  other.page = "Attention required";
  EXPECT_EQ(likeness(page), likeness(other));
  EXPECT_FALSE(likeness(page).empty());
  other.status = 404;
  EXPECT_NE(likeness(page), likeness(other));
}

TEST(LikenessTest, NorDoesWhatAPairsFieldsSay) {
  const std::string one = likeness(make_error(400, "no_noir", "no header for style Noir"), {"720p", "noir"});
  EXPECT_EQ(one, likeness(make_error(400, "no_noir", "no header for style Film Noir"), {"film noir"}));
  EXPECT_EQ(one, likeness(make_error(400, "no_noir", "no header for style 水墨画"), {"水墨画"}));
  EXPECT_NE(one, likeness(make_error(400, "no_noir", "no header for style Noir"), {"pastel"})) << "nobody's";
}

TEST(LikenessTest, AWordOfTheMessageIsNoEcho) {
  const ApiReply reply = make_error(400, "", "the header is not an identifier");
  EXPECT_EQ(likeness(reply), likeness(reply, {"head", "dent", "a", "is"}))
      << "parts of words, and short ones";
}

}  // namespace
}  // namespace reeld
