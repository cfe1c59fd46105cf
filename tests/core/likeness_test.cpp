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

TEST(LikenessTest, StatusCodeAndMessageTell) {
  const std::string one = likeness_of(make_error(400, "invalid_value", "seconds must be one of these"));
  EXPECT_EQ(one, likeness_of(make_error(400, "invalid_value", "Seconds must be one of these")));
  EXPECT_NE(one, likeness_of(make_error(422, "invalid_value", "seconds must be one of these")));
  EXPECT_NE(one, likeness_of(make_error(400, "invalid_size", "seconds must be one of these")));
  EXPECT_NE(one, likeness_of(make_error(400, "invalid_value", "size must be one of these")));
}

TEST(LikenessTest, NumbersOfRequestsAndTimesDoNot) {
  EXPECT_EQ(likeness_of(make_error(404, "", "no such model (request id: 20261129112233X9f2)")),
            likeness_of(make_error(404, "", "no such model (request id: 20261129112301aQ77)")));
  EXPECT_EQ(likeness_of(make_error(400, "", "bad at 11:22:33, trace 5f0a-77")),
            likeness_of(make_error(400, "", "bad at 11:23:01, trace 00b1-9c")));
}

TEST(LikenessTest, OfAPageTheStatusAlone) {
  ApiReply page;
  page.status = 403;
  page.page = "Just a moment...";
  ApiReply other = page;
  other.page = "Attention required";
  EXPECT_EQ(likeness_of(page), likeness_of(other));
  EXPECT_FALSE(likeness_of(page).empty());
  other.status = 404;
  EXPECT_NE(likeness_of(page), likeness_of(other));
}

}  // namespace
}  // namespace reeld
