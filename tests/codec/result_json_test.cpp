#include "codec/result_json.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace reeld {
namespace {

using testing::ElementsAre;
namespace json = boost::json;

const SystemTime noon =
    SystemTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) + std::chrono::hours(12);

ErrorResult make_error() {
  ErrorResult result;
  result.verdict = "refused";
  result.reason = "the API refused it";
  result.http_status = 400;
  result.attempts = 2;
  result.at = noon;
  return result;
}

std::vector<std::string> list_keys(const json::value& value) {
  std::vector<std::string> keys;
  for (const auto& member : value.as_object()) keys.emplace_back(member.key());
  return keys;
}

TEST(BuildErrorJson, IsWrittenForPeople) {
  ErrorResult result = make_error();
  result.api = R"({"error":{"message":"no","code":null}})";
  EXPECT_EQ(build_error_json(result), R"({
  "verdict": "refused",
  "reason": "the API refused it",
  "http_status": 400,
  "attempts": 2,
  "api": {
    "error": {
      "message": "no",
      "code": null
    }
  },
  "at": "2026-11-22T12:00:00.000Z"
}
)");
}

TEST(BuildErrorJson, NamesAJobThatExistsAllTheSame) {
  ErrorResult result = make_error();
  EXPECT_FALSE(json::parse(build_error_json(result)).as_object().contains("id"));
  result.id = "video_77";
  EXPECT_EQ(json::parse(build_error_json(result)).at("id"), "video_77");
}

TEST(ReadCreatedJob, ReadsWhatAnErrorFileSays) {
  ErrorResult result = make_error();
  result.http_status = 200;
  EXPECT_EQ(read_created_job(build_error_json(result)).id, "");
  result.id = "video_77";
  EXPECT_EQ(read_created_job(build_error_json(result)).id, "video_77");
  EXPECT_EQ(read_created_job(build_error_json(result)).http_status, 200);
  for (const char* text : {"", "{}", "[]", "{\"id\":7}", "{\"id\":"})
    EXPECT_EQ(read_created_job(text).id, "") << text;
  EXPECT_EQ(read_created_job(R"({"id":"v","http_status":99999999999})").http_status, 0);
}

TEST(BuildErrorJson, EmbedsTextThatIsNoJson) {
  ErrorResult result = make_error();
  result.api = "<html>\"\x01\u4f59";
  const json::value value = json::parse(build_error_json(result));
  EXPECT_EQ(value.at("api"), "<html>\"\x01\u4f59");
  EXPECT_FALSE(value.as_object().contains("api_encoding"));
  EXPECT_FALSE(value.as_object().contains("api_coding"));
}

TEST(BuildErrorJson, KeepsEachByteOfWhatIsNoText) {
  ErrorResult result = make_error();
  for (const auto& [body, encoded] : std::initializer_list<std::pair<std::string, std::string>>{
           {"\x0B\x02\x80", "CwKA"}, {std::string("a\0b", 3), "YQBi"}}) {
    result.api = body;
    const json::value value = json::parse(build_error_json(result));
    EXPECT_EQ(value.at("api").as_string(), encoded);
    EXPECT_EQ(value.at("api_encoding"), "base64");
  }
  result.api_coding = "br";
  EXPECT_EQ(json::parse(build_error_json(result)).at("api_coding"), "br");
}

TEST(BuildErrorJson, SaysNullWhereThereIsNothing) {
  ErrorResult result = make_error();
  result.http_status = 0;
  const json::value value = json::parse(build_error_json(result));
  EXPECT_TRUE(value.at("http_status").is_null());
  EXPECT_TRUE(value.at("api").is_null());
}

TEST(BuildErrorJson, ReplacesInvalidUtf8) {
  ErrorResult result = make_error();
  result.reason = "bad name \xFF \"quoted\"\n";
  EXPECT_EQ(json::parse(build_error_json(result)).at("reason"), "bad name \xEF\xBF\xBD \"quoted\"\n");
}

DoubtResult make_doubt() {
  DoubtResult result;
  result.base = make_error();
  result.base.verdict = "doubt";
  result.sent_from = noon;
  result.sent_until = noon + milliseconds(1500);
  result.url = "https://api.example/v1/videos";
  result.fields = {{"model", "sora-2"}, {"seconds", "10"}};
  result.prompt_start = "a cow";
  result.image_sha256 = "abc";
  result.request_id = "req-1";
  result.job = "projectA/scene1";
  result.idempotency_key = "key-1";
  return result;
}

TEST(BuildDoubtJson, AddsWhatAnOperatorNeeds) {
  const json::value value = json::parse(build_doubt_json(make_doubt()));
  EXPECT_THAT(list_keys(value), ElementsAre("verdict", "reason", "http_status", "attempts", "api", "at",
                                            "job", "sent_from", "sent_until", "url", "fields", "prompt_start",
                                            "image_sha256", "request_id", "idempotency_key"));
  EXPECT_EQ(value.at("sent_until"), "2026-11-22T12:00:01.500Z");
  EXPECT_THAT(list_keys(value.at("fields")), ElementsAre("model", "seconds"));
  EXPECT_EQ(value.at("fields").at("seconds"), "10");
}

TEST(BuildDoubtJson, NamesAnIdThatWasSeen) {
  DoubtResult result = make_doubt();
  EXPECT_FALSE(json::parse(build_doubt_json(result)).as_object().contains("id_seen"));
  result.id_seen = "video_1";
  EXPECT_EQ(json::parse(build_doubt_json(result)).at("id_seen"), "video_1");
}

TEST(BuildDoubtJson, NamesTheIdsOfEarlierTries) {
  DoubtResult result = make_doubt();
  EXPECT_FALSE(json::parse(build_doubt_json(result)).as_object().contains("ids_seen_before"));
  result.ids_seen_before = {"video_1", "video_2"};
  EXPECT_EQ(json::parse(build_doubt_json(result)).at("ids_seen_before"), (json::array{"video_1", "video_2"}));
}

TEST(BuildDoubtJson, LeavesAnIdempotencyKeyOutWhereThereIsNone) {
  DoubtResult result = make_doubt();
  result.idempotency_key = "";
  result.request_id = "";
  const json::value value = json::parse(build_doubt_json(result));
  EXPECT_FALSE(value.as_object().contains("idempotency_key"));
  EXPECT_TRUE(value.at("request_id").is_null());
}

TEST(BuildSettledJson, IsAnAnswerWithThatId) {
  EXPECT_EQ(build_settled_json("video:1 \"x\""), "{\n  \"id\": \"video:1 \\\"x\\\"\"\n}\n");
}

TEST(FormatTime, IsUtcWithMilliseconds) {
  EXPECT_EQ(format_time(SystemTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(noon + std::chrono::microseconds(7'999)), "2026-11-22T12:00:00.007Z");
  EXPECT_EQ(format_time(SystemTime{} - milliseconds(1)), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace reeld
