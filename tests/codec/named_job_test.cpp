#include "codec/named_job.hpp"

#include <gtest/gtest.h>

#include "codec/job_json.hpp"

namespace reeld {
namespace {

ApiReply read_answer(std::string body, int status) {
  return read_api_reply(Reply{status, {}, std::move(body)}, SystemTime{});
}

TEST(NamedJob, StandsWhereGatewaysPutIt) {
  for (const char* body :
       {R"({"job_id":"video_1","status":"queued"})", R"({"task":{"id":"video_1","status":"Queued"}})",
        R"({"status":"error","data":{"id":"video_1","status":"queued"}})",
        R"({"code":409,"message":"duplicate","existing":[{"video_id":"video_1","state":"queued"}]})",
        R"({"status":"queued","task":{"id":"video_1"},"message":"exists"})",
        R"({"error":{"message":"exists","job":{"id":"video_1","status":"queued"}}})",
        R"({"jobs":[{"id":"video_1","status":"queued"}]})",
        R"({"response":{"id":"video_1","status":"queued"}})",
        R"({"conflict":{"job_id":"video_1","status":"queued"}})",
        R"({"anything":{"videoId":"video_1","status":"queued"}})"}) {
    for (const int status : {400, 409, 422, 500}) {
      const ApiReply reply = read_answer(body, status);
      EXPECT_EQ(reply.id, "video_1") << body;
      EXPECT_EQ(reply.status_word, "queued") << body;
    }
  }
  EXPECT_EQ(read_answer(R"({"code":409,"message":"x","data":{"id":123,"status":"queued"}})", 409).id, "123");
  EXPECT_EQ(read_answer(R"({"x":NaN,"task":{"id":1234567890123456789,"status":"queued"}})", 409).id,
            "1234567890123456789");
}

TEST(NamedJob, IsNoOtherThingThatHasAnIdAndAState) {
  for (const char* body :
       {R"({"error":{"id":"err_1","status":"pending"}})", R"({"job_id":"v1","task":{"status":"queued"}})",
        R"({"job_id":"v1","status":"error"})", R"({"name":"v1","status":"queued"})",
        R"({"job_id":"null","status":"queued"})", R"({"user":{"id":42,"status":"pending"}})",
        R"({"trace":{"id":"t","status":"complete"}})", R"({"request":{"id":"r","state":"finished"}})",
        R"({"error":{"message":"verify first","details":{"id":"org_1","status":"pending"}}})",
        R"({"detail":{"message":"no","id":"org_1","status":"pending"}})",
        R"({"Error":{"id":"req_1","status":"done"}})", R"({"output":{"id":"req_9","state":"done"}})",
        R"({"message":"no","code":"bad_image","result":{"id":"check_9","status":"completed"}})",
        R"({"status":"success","error":{"message":"no"},"result":{"id":"req_1"}})",
        R"({"x":"\ud83d","task":{"id":"v\ud83d","status":"queued"}})",
        R"({"data":[{"id":"a","status":"queued"},{"id":"b","status":"queued"}]})"})
    EXPECT_EQ(read_answer(body, 409).id, "") << body;
}

/// The job that runs, and for whose sake this one has to wait.
TEST(NamedJob, IsAnothersWhereTheAnswerIsAboutKeyPathOrRate) {
  for (const int status : {401, 402, 403, 404, 405, 407, 425, 429}) {
    const ApiReply reply = read_answer(
        R"({"error":{"code":"busy","message":"one at a time"},"job":{"id":"video_a","status":"in_progress"}})",
        status);
    EXPECT_EQ(reply.id, "") << status;
  }
  EXPECT_EQ(read_answer(R"({"task":{"id":"video_1","status":"queued"}})", 200).id, "")
      << "a success says it in its place";
}

TEST(ShownId, IsNotTheErrors) {
  for (const char* body :
       {R"({"error":{"id":"e1","message":"no"}})", R"({"data":{"error":{"id":"e1"}},"error":"x"})",
        R"({"status":"error","errors":[{"id":"e1"}]})"})
    EXPECT_FALSE(read_answer(body, 200).shows_id) << body;
}

/// Before words about credit or a busy upstream count: sending again may be paid for.
TEST(ShownId, MayBeAJobsUnlessItIsSurelyNot) {
  for (const char* body :
       {R"({"job_id":"v1","error":{"message":"no"}})", R"({"result":{"task_id":7},"error":"no"})",
        R"({"success":false,"data":[{"task_id":"video_77"}],"error":{"message":"upstream is saturated"}})",
        R"({"tasks":[{"task_id":"video_77","status":"failed"}],"error":"no"})",
        R"({"result":[{"job_id":"v1"}],"error":"no"})",
        R"({"task":{"id":"video_77","status":"failed"},"error":"no"})",
        R"({"video":{"id":"v1","status":"queued"},"error":"no"})",
        R"({"data":"video_77abc","error":"no"})"}) {
    EXPECT_TRUE(read_answer(body, 200).shows_job_id) << body;
    EXPECT_TRUE(read_answer(body, 200).shows_id) << body;
  }
  for (const char* body :
       {R"({"user":{"id":"u1"},"error":{"code":"insufficient_quota"}})",
        R"({"trace":{"id":"t1"},"error":"no"})", R"({"job_id":"","error":"no"})",
        R"({"status":"error","errors":[{"id":"e1"}]})", R"({"id":5,"code":1001,"message":"no credit"})",
        R"({"data":{"id":5},"code":1001,"message":"no credit"})", R"({"data":"no credit","error":"no"})"})
    EXPECT_FALSE(read_answer(body, 200).shows_job_id) << body;
}

}  // namespace
}  // namespace reeld
