#include "codec/job_json.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const SystemTime answered_at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);

ApiReply read_answer(std::string body, int status = 200, Headers headers = {}) {
  return read_api_reply(Reply{status, std::move(headers), std::move(body)}, answered_at);
}

TEST(ReadApiReply, ReadsTheReferenceAnswer) {
  const ApiReply reply =
      read_answer(R"({"id":"video_5c6a605a","object":"video","model":"sora-2","status":"queued",
                                  "progress":0,"created_at":1761622232,"seconds":"10","size":"1280x720"})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.json);
  EXPECT_TRUE(reply.json_object);
  EXPECT_FALSE(reply.error_object);
  EXPECT_FALSE(reply.real_error);
  EXPECT_EQ(reply.id, "video_5c6a605a");
  EXPECT_EQ(reply.status_word, "queued");
  EXPECT_THAT(reply.codes, IsEmpty());
  EXPECT_THAT(reply.texts, IsEmpty());
  EXPECT_EQ(reply.retry_after, std::nullopt);
  EXPECT_EQ(reply.request_id, "");
}

TEST(ReadApiReply, ToleratesABlankOrAMarkAroundTheBody) {
  EXPECT_TRUE(read_answer("\xEF\xBB\xBF{\"id\":\"a\"}").is_mended) << "its connection is not kept";
  EXPECT_FALSE(read_answer("{\"id\":\"a\"}\n").is_mended);
  EXPECT_EQ(read_answer("\xEF\xBB\xBF{\"id\":\"a\"}\r\n\n").id, "a");
}

TEST(ReadApiReply, IsCalmAboutWhatIsNotAnObject) {
  for (const char* body : {"", "<html>", "{\"id\":\"a\""}) EXPECT_FALSE(read_answer(body).json) << body;
  for (const char* body : {"[{\"id\":\"a\"}]", "\"id\"", "null", "7"}) {
    const ApiReply reply = read_answer(body);
    EXPECT_TRUE(reply.json) << body;
    EXPECT_FALSE(reply.json_object) << body;
    EXPECT_EQ(reply.id, "") << body;
  }
  EXPECT_FALSE(read_answer(std::string(100'000, '[')).json);
}

struct IdCase {
  std::string_view body;
  std::string_view id;
};

class ReplyId : public testing::TestWithParam<IdCase> {};

TEST_P(ReplyId, IsTheFirstNonEmptyText) {
  EXPECT_EQ(read_answer(std::string(GetParam().body)).id, GetParam().id);
}

INSTANTIATE_TEST_SUITE_P(
    Places, ReplyId,
    testing::Values(IdCase{R"({"id":"a","task_id":"b","data":{"id":"c","task_id":"d"}})", "a"},
                    IdCase{R"({"id":"","task_id":"b","data":{"id":"c","task_id":"d"}})", "b"},
                    IdCase{R"({"id":7,"data":{"id":"c","task_id":"d"}})", "c"},
                    IdCase{R"({"id":null,"data":{"task_id":"d"}})", "d"},
                    IdCase{R"({"task_id":"sora-2:task_01k"})", "sora-2:task_01k"},
                    IdCase{R"({"data":["a"]})", ""}, IdCase{R"({"data":"a"})", ""},
                    IdCase{R"({"data":null})", ""}, IdCase{"{}", ""}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, ReplyId,
    testing::Values(IdCase{R"({"id":12345})", "12345"}, IdCase{R"({"data":{"task_id":7}})", "7"},
                    IdCase{R"({"id":18446744073709551615})", "18446744073709551615"},
                    IdCase{R"({"id":123456789012345678901234567890})", "123456789012345678901234567890"},
                    IdCase{R"({"id":0})", ""}, IdCase{R"({"id":-5})", ""}, IdCase{R"({"id":1.5})", ""},
                    IdCase{R"({"id":true})", ""}, IdCase{R"({"id":7,"task_id":"t"})", "t"},
                    IdCase{R"({"code":0,"id":7})", "7"}, IdCase{R"({"code":"OK","id":7})", "7"},
                    IdCase{R"({"code":1001,"message":"no","id":7})", ""},
                    IdCase{R"({"data":{"code":5,"id":7}})", ""}, IdCase{R"({"success":false,"id":7})", ""},
                    IdCase{R"({"success":true,"id":7})", "7"}, IdCase{R"({"success":"false","id":7})", ""},
                    IdCase{R"({"ok":false,"id":7})", ""}, IdCase{R"({"errcode":5,"id":7})", ""},
                    IdCase{R"({"errcode":0,"id":7})", "7"}, IdCase{R"({"detail":"no balance","id":7})", ""},
                    IdCase{R"({"code":1001,"message":"no","id":123456789012345678901})", ""},
                    IdCase{R"({"code":1001,"prompt":"\ud83d","id":1234567890123456789})", ""}));

INSTANTIATE_TEST_SUITE_P(
    Lists, ReplyId,
    testing::Values(IdCase{R"({"code":200,"data":[{"status":"submitted","task_id":"t"}]})", "t"},
                    IdCase{R"({"data":[{"id":9}]})", "9"}, IdCase{R"({"code":200,"data":[]})", ""},
                    IdCase{R"({"data":[{"id":"a"},{"id":"b"}]})", ""},
                    IdCase{R"({"code":500,"data":[{"id":"a"}]})", ""},
                    IdCase{R"({"success":false,"data":[{"id":"a"}]})", ""}));

INSTANTIATE_TEST_SUITE_P(NotQuiteJson, ReplyId,
                         testing::Values(IdCase{R"({"prompt":"\ud83d","id":"a"})", "a"},
                                         IdCase{R"({"prompt":"\ude00 \ud83d\u0041","id":"a"})", "a"},
                                         IdCase{R"({"progress":NaN,"eta":-Infinity,"id":"a"})", "a"},
                                         IdCase{"{\"prompt\":\"two\nlines\",\"id\":\"a\"}", "a"},
                                         IdCase{"{\"prompt\":\"\xFF\",\"id\":\"a\"}", "a"},
                                         IdCase{"{\"id\":\"a\xFF\"}", ""}, IdCase{R"({"id":"a\ud83d"})", ""},
                                         IdCase{R"({"id":"a\ud83d","task_id":"t"})", "t"}));

TEST(ReplyId, AtTheTopTheListBelowIsOfSomethingElse) {
  const ApiReply reply = read_answer(R"({"id":"v1","data":[{"status":"failed","error":"x"}]})");
  EXPECT_EQ(reply.id, "v1");
  EXPECT_EQ(reply.status_word, "");
  EXPECT_FALSE(reply.real_error);
}

TEST(ReplyId, ThatIsATextCountsWhateverStandsBesideIt) {
  for (const char* const beside : {"\"code\":1001", "\"success\":false", "\"detail\":\"x\"", "\"errno\":5"})
    EXPECT_EQ(read_answer("{\"id\":\"v1\"," + std::string(beside) + "}").id, "v1") << beside;
}

TEST(ReadApiReply, SaysWhatHadToBeMended) {
  EXPECT_TRUE(read_answer(R"({"prompt":"\ud83d","id":"a"})").is_mended);
  EXPECT_FALSE(read_answer(R"({"prompt":"a","id":"a"})").is_mended);
}

TEST(ReplyId, ThatIsDamagedIsKnownToBeThere) {
  EXPECT_TRUE(read_answer("{\"id\":\"a\xFF\",\"status\":\"failed\"}").has_unreadable_id);
  EXPECT_FALSE(read_answer("{\"id\":\"a\xFF\",\"task_id\":\"t\"}").has_unreadable_id);
  EXPECT_FALSE(read_answer("{\"prompt\":\"\xFF\"}").has_unreadable_id);
}

TEST(ReplyStatusWord, IsLowerCase) {
  EXPECT_EQ(read_answer(R"({"status":"QUEUED"})").status_word, "queued");
  EXPECT_EQ(read_answer(R"({"data":{"status":"NOT_START"}})").status_word, "not_start");
  EXPECT_EQ(read_answer(R"({"status":200,"data":{"status":"Failed"}})").status_word, "failed");
  EXPECT_EQ(read_answer(R"({"status":null})").status_word, "");
  EXPECT_EQ(read_answer(R"({"data":[{"status":"Failed"}]})").status_word, "failed");
}

TEST(ReplyError, IsNoneWhereItSaysNothing) {
  for (const char* value :
       {"null", "false", "\"\"", "{}", "0", "[]", R"({"message":"","code":null})", R"("None")", R"("null")",
        R"("False")", R"("ok")", R"("Success")", R"({"code":0,"message":"success"})",
        R"({"code":"ok","message":""})", R"({"code":200,"message":"OK"})"}) {
    const std::string body = R"({"id":"a","error":)" + std::string(value) + "}";
    EXPECT_FALSE(read_answer(body).real_error) << body;
    EXPECT_FALSE(read_answer(body).error_object) << body;
  }
}

TEST(ReplyError, IsRealOtherwise) {
  for (const char* value :
       {"true", "\"no\"", "1", R"({"message":"no"})", "[1]", R"("nonesuch")",
        R"({"code":0,"message":"no balance"})", R"({"code":"oops","message":"success"})"}) {
    const std::string body = R"({"id":"a","error":)" + std::string(value) + "}";
    EXPECT_TRUE(read_answer(body).real_error) << body;
    EXPECT_TRUE(read_answer(body).error_object) << body;
  }
  EXPECT_TRUE(read_answer(R"({"id":"a","data":{"error":{"message":"no"}}})").real_error);
}

TEST(ReplyError, IsReadInTheOriginalFormat) {
  const ApiReply reply = read_answer(
      R"({"error":{"message":"Bad size","type":"Invalid_Request_Error","param":"size","code":"Bad_Size"}})",
      400);
  EXPECT_THAT(reply.codes, ElementsAre("bad_size", "invalid_request_error"));
  EXPECT_THAT(reply.texts, ElementsAre("Bad size"));
  EXPECT_TRUE(reply.names_request);
  EXPECT_FALSE(read_answer(R"({"error":{"message":"no","param":null}})").names_request);
  EXPECT_FALSE(read_answer(R"({"error":{"message":"no","param":""}})").names_request);
}

TEST(ReplyError, IsReadInTheFlatFormat) {
  const ApiReply reply =
      read_answer(R"({"code":"fail_to_fetch_task","message":"upstream said no","data":null})", 401);
  EXPECT_TRUE(reply.error_object);
  EXPECT_FALSE(reply.real_error);
  EXPECT_THAT(reply.codes, ElementsAre("fail_to_fetch_task"));
  EXPECT_THAT(reply.texts, ElementsAre("upstream said no"));
  EXPECT_TRUE(read_answer(R"({"code":400,"message":"no","param":"size"})").names_request);
  EXPECT_THAT(read_answer(R"({"code":40013,"message":"no"})").codes, ElementsAre("40013"));
}

TEST(ReplyError, MayHaveAnIdOfItsOwnInTheFlatFormat) {
  const std::string body = R"({"id":"req_1","code":"invalid_seconds","message":"seconds must be 4"})";
  EXPECT_TRUE(read_answer(body, 400).error_object);
  EXPECT_FALSE(read_answer(body, 200).error_object) << "of a success it is an answer";
  EXPECT_FALSE(read_answer(body, 503).error_object) << "what it names may have been created";
}

TEST(ReplyError, MayCallItsMessageMsg) {
  const ApiReply reply = read_answer(R"({"code":1001,"msg":"余额不足"})");
  EXPECT_TRUE(reply.error_object);
  EXPECT_THAT(reply.texts, ElementsAre("余额不足"));
  EXPECT_FALSE(read_answer(R"({"code":0,"msg":"success","data":{"task_id":"t"}})").error_object);
}

/// Its 1xxx errors, to whoever asks for JSON (RFC 9457).
TEST(ReplyError, OfCloudflareItselfIsAPage) {
  for (const char* const mark :
       {R"("type":"https://developers.cloudflare.com/support/errors/1020/")", R"("cloudflare_error":true)"}) {
    const ApiReply reply = read_answer(
        "{" + std::string(mark) + R"(,"title":"Error 1020: Access denied","status":403,"detail":"blocked"})",
        403);
    EXPECT_FALSE(reply.error_object) << mark;
    EXPECT_EQ(reply.page, "Error 1020: Access denied: blocked");
    EXPECT_THAT(reply.texts, IsEmpty());
  }
  EXPECT_TRUE(read_answer(R"({"type":"https://api.example/errors/1","detail":"blocked"})", 403).error_object);
}

TEST(ReplyError, IsNotEveryFlatCode) {
  EXPECT_FALSE(read_answer(R"({"code":"success","message":"ok","data":{"task_id":"t"}})").error_object);
  EXPECT_FALSE(read_answer(R"({"code":0,"message":"ok"})").error_object);
  EXPECT_FALSE(read_answer(R"({"code":"","message":"ok"})").error_object);
  EXPECT_FALSE(read_answer(R"({"code":"x"})").error_object);
  EXPECT_FALSE(read_answer(R"({"message":"x"})").error_object);
}

TEST(ReplyError, IsReadInTheSiblingsFormats) {
  const ApiReply sibling =
      read_answer(R"({"error":{"message":"busy","message_zh":"饱和","type":"upstream"}})");
  EXPECT_THAT(sibling.texts, ElementsAre("busy", "饱和"));
  const ApiReply saturated =
      read_answer(R"({"id":"","status":"error","error":"当前分组上游负载已饱和"})", 500);
  EXPECT_TRUE(saturated.real_error);
  EXPECT_EQ(saturated.id, "");
  EXPECT_EQ(saturated.status_word, "error");
  EXPECT_THAT(saturated.texts, ElementsAre("当前分组上游负载已饱和"));
}

TEST(ReplyError, IsReadInAFrameworksFormat) {
  const ApiReply text = read_answer(R"({"detail":"seconds must be 10"})", 400);
  EXPECT_TRUE(text.error_object);
  EXPECT_THAT(text.texts, ElementsAre("seconds must be 10"));
  const ApiReply list =
      read_answer(R"({"detail":[{"loc":["body"],"msg":"field required"},{"msg":"bad"}]})", 422);
  EXPECT_TRUE(list.error_object);
  EXPECT_THAT(list.texts, ElementsAre("body: field required", "bad"));
  EXPECT_THAT(read_answer(R"({"detail":[{"loc":["body","shots",2,"seconds"],"msg":"no"}]})", 422).texts,
              ElementsAre("body.shots.2.seconds: no"));
  for (const int status : {400, 409, 422})
    EXPECT_TRUE(read_answer(R"({"detail":"a conflict"})", status).error_object) << status;
  EXPECT_FALSE(read_answer(R"({"detail":"Not Found"})", 404).error_object) << "no such place";
  EXPECT_FALSE(read_answer(R"({"detail":"upstream timed out"})", 503).error_object) << "nobody is there";
  EXPECT_FALSE(read_answer(R"({"detail":[]})", 400).error_object);
}

TEST(ReplyError, IsReadInAFrameworksDetailThatIsAnObject) {
  const ApiReply reply = read_answer(R"({"detail":{"code":"BAD","message":"no such model"}})", 400);
  EXPECT_TRUE(reply.error_object);
  EXPECT_THAT(reply.texts, ElementsAre("no such model"));
  EXPECT_THAT(reply.codes, ElementsAre("bad"));
  EXPECT_TRUE(read_answer(R"({"detail":"Not authenticated"})", 403).error_object)
      << "of the API, not before it";
}

TEST(ReplyError, ListsCodesAndTextsInOrder) {
  const ApiReply reply = read_answer(
      R"({"code":"B","type":"D","message":"m3","error":{"code":17,"type":"C","message":"m1","message_zh":"m2"}})");
  EXPECT_THAT(reply.codes, ElementsAre("17", "b", "c", "d"));
  EXPECT_THAT(reply.texts, ElementsAre("m1", "m2", "m3"));
}

TEST(ReplyError, NeverQuotesOtherFields) {
  const ApiReply reply =
      read_answer(R"({"prompt":"quota exceeded","error":{"message":"no","detail":"secret"}})");
  EXPECT_THAT(reply.texts, ElementsAre("no"));
}

TEST(ReplyWait, PrefersMillisecondsThenTheHeaderThenTheBody) {
  const std::string body = R"({"retryAfter":9,"error":{"message":"slow","retryAfter":8}})";
  const ApiReply all = read_answer(body, 429, {{"Retry-After", "3"}, {"retry-after-ms", "1500"}});
  EXPECT_EQ(all.retry_after, milliseconds(1500));
  EXPECT_TRUE(all.retry_after_header);
  EXPECT_EQ(read_answer(body, 429, {{"retry-after", "3"}}).retry_after, milliseconds(3000));
  EXPECT_EQ(read_answer(body, 429, {{"Retry-After", "3"}, {"retry-after-ms", "x"}}).retry_after,
            milliseconds(3000));
  EXPECT_EQ(read_answer("", 503, {{"Retry-After", "Sun, 22 Nov 2026 00:00:05 GMT"}}).retry_after,
            milliseconds(5000));
  EXPECT_EQ(read_answer(body, 429).retry_after, milliseconds(9000));
  EXPECT_FALSE(read_answer(body, 429).retry_after_header);
}

TEST(ReplyWait, IsReadFromTheBody) {
  EXPECT_EQ(read_answer(R"({"error":{"message":"x","retryAfter":1.5}})").retry_after, milliseconds(1500));
  EXPECT_EQ(read_answer(R"({"retryAfter":"30"})").retry_after, milliseconds(30'000));
  EXPECT_EQ(read_answer(R"({"retryAfter":1e300})").retry_after, std::chrono::hours(24));
  for (const char* value : {"-1", "null", "\"soon\"", "true", "{}"}) {
    EXPECT_EQ(read_answer(R"({"retryAfter":)" + std::string(value) + "}").retry_after, std::nullopt) << value;
  }
}

TEST(ReplyRequestId, ComesFromItsHeaderOrItsKin) {
  const Headers all = {
      {"CF-Ray", "c"}, {"Request-Id", "r"}, {"X-Oneapi-Request-Id", "o"}, {"X-Request-Id", "x"}};
  EXPECT_EQ(read_answer("", 500, all).request_id, "x");
  EXPECT_EQ(read_answer("", 500, {all.begin(), all.begin() + 3}).request_id, "o");
  EXPECT_EQ(read_answer("", 500, {all.begin(), all.begin() + 2}).request_id, "r");
  EXPECT_EQ(read_answer("", 500, {all.begin(), all.begin() + 1}).request_id, "c");
}

TEST(ReadApiReply, TellsWhyThereIsNoId) {
  EXPECT_EQ(read_answer("{\"id\":\"video_1\"}").flaw, "");
  EXPECT_EQ(read_answer("").flaw, "is empty");
  EXPECT_EQ(read_answer("{\"id\":\"a\xFF\"}").flaw, "has an id that cannot be read");
  EXPECT_EQ(read_answer("{\"result\":{\"id\":\"a\"}}").flaw,
            "has an id, but none that can be taken for a job's");
  EXPECT_EQ(read_answer("{\"id\":5,\"code\":1001}").flaw,
            "has an id, but none that can be taken for a job's");
  EXPECT_EQ(read_answer("{}").flaw, "");
}

/// Each text is searched for the prompt.
TEST(ReadApiReply, KeepsSoMuchOfTheTextsAsAnybodyReads) {
  std::string body = R"({"detail":[)";
  for (int i = 0; i < 60; ++i)
    body += (i == 0 ? "" : ",") + std::string(R"({"msg":")") + std::string(1000, 'x') + "牛" + R"("})";
  const ApiReply reply = read_answer(body + "]}", 422);
  EXPECT_EQ(reply.texts.size(), 16U);
  std::size_t sum = 0;
  for (const std::string& text : reply.texts) sum += text.size();
  EXPECT_LE(sum, 16'384U);
  EXPECT_EQ(reply.texts.front().size(), 1003U);
}

}  // namespace
}  // namespace reeld
