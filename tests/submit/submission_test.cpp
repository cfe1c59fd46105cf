#include "submit/submission.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Snapshot make_snapshot() {
  Snapshot snapshot;
  snapshot.prompt = "hello";
  snapshot.set_form(arrange_form({{"model", "sora-2"}, {"seconds", "10"}, {"size", "16x9"}}, {}));
  snapshot.image.type = ImageType::png;
  snapshot.image_file.identity.size = 1000;
  return snapshot;
}

ApiCredentials make_credentials(std::string key, std::vector<RequestHeader> headers = {}) {
  return {std::move(key), std::move(headers), std::nullopt};
}

ApiSettings make_api() {
  ApiSettings api;
  api.url.host_header = "api.example";
  api.url.target = "/v1/videos";
  return api;
}

TEST(Submission, TheHeadCarriesWhatTheApiNeeds) {
  const Submission out =
      build_submission(make_snapshot(), make_api(), make_credentials("sk-1"), {"reeld-12", ""});
  EXPECT_THAT(out.head, ::testing::StartsWith("POST /v1/videos HTTP/1.1\r\nHost: api.example\r\n"));
  EXPECT_THAT(out.head, HasSubstr("\r\nAuthorization: Bearer sk-1\r\n"));
  EXPECT_THAT(out.head, ::testing::EndsWith("\r\n\r\n"));
  const std::size_t length =
      out.before_image.size() + out.image_size + out.after_image.size() + out.closing.size();
  EXPECT_THAT(out.head, HasSubstr("\r\nContent-Length: " + std::to_string(length) + "\r\n"));
}

TEST(Submission, TheClosingBoundaryIsApart) {
  const Submission out =
      build_submission(make_snapshot(), make_api(), make_credentials("sk-1"), {"reeld-12", ""});
  EXPECT_EQ(out.closing, "\r\n--reeld-12--\r\n");
  EXPECT_EQ(out.before_image.find(out.closing), std::string::npos);
  EXPECT_EQ(out.after_image.find(out.closing), std::string::npos);
}

TEST(Submission, TheSameMarksMakeTheSameBytes) {
  ApiSettings api = make_api();
  api.idempotency_header = "Idempotency-Key";
  const SubmissionMarks marks{"reeld-12", "key-1"};
  const Submission one = build_submission(make_snapshot(), api, make_credentials("sk-1"), marks);
  const Submission other = build_submission(make_snapshot(), api, make_credentials("sk-1"), marks);
  EXPECT_EQ(one.head + one.before_image + one.after_image,
            other.head + other.before_image + other.after_image);
  EXPECT_THAT(one.head, HasSubstr("\r\nIdempotency-Key: key-1\r\n"));
  EXPECT_THAT(build_submission(make_snapshot(), make_api(), make_credentials("k"), {"b", ""}).head,
              Not(HasSubstr("Idempotency")));
}

TEST(Submission, AKeyUnderAnotherNameGoesAlone) {
  ApiSettings api = make_api();
  api.auth_header = "api-key";
  const std::string head = build_submission(make_snapshot(), api, make_credentials("sk-1"), {"b", ""}).head;
  EXPECT_THAT(head, HasSubstr("\r\napi-key: sk-1\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Authorization")));
  EXPECT_THAT(head, Not(HasSubstr("Bearer")));
  api.auth_header = "authorization";
  EXPECT_THAT(build_submission(make_snapshot(), api, make_credentials("sk-1"), {"b", ""}).head,
              HasSubstr("\r\nauthorization: Bearer sk-1\r\n"));
}

TEST(Submission, MoreHeadersFollowOurs) {
  const auto credentials = make_credentials("sk-1", {{"x-one", "1", false}, {"x-two", "a b", true}});
  const std::string head = build_submission(make_snapshot(), make_api(), credentials, {"b", ""}).head;
  EXPECT_THAT(head, ::testing::EndsWith("\r\nx-one: 1\r\nx-two: a b\r\n\r\n"));
}

TEST(Submission, TheQueryIsAskedForWithItsSecrets) {
  ApiSettings api = make_api();
  api.url.query = "api-version=1&code=abc";
  EXPECT_THAT(build_submission(make_snapshot(), api, make_credentials("k"), {"b", ""}).head,
              ::testing::StartsWith("POST /v1/videos?api-version=1&code=abc HTTP/1.1\r\n"));
}

TEST(Submission, ABoundaryThatThePromptHoldsIsNotTaken) {
  Snapshot snapshot = make_snapshot();
  EXPECT_EQ(choose_boundary(snapshot, {1, 2}), "reeld-12");
  snapshot.prompt = "--reeld-12";
  EXPECT_EQ(choose_boundary(snapshot, {1, 2}), "reeld-22");
}

}  // namespace
}  // namespace reeld
