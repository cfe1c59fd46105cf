#include "codec/seen_id.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(FindSeenId, FindsOneInWhatIsNoJson) {
  EXPECT_EQ(find_seen_id(R"({"id":"video_1","status":"que)"), "video_1");
  EXPECT_EQ(find_seen_id(R"({"task_id" : "t-1",)"), "t-1");
  EXPECT_EQ(find_seen_id("data: {\"id\": 12345, x"), "12345");
  EXPECT_EQ(find_seen_id(R"([{"id":"video_1"}])"), "video_1");
  EXPECT_EQ(find_seen_id(R"({"id":"video_1"}{"id":"video_2"})"), "video_1");
}

TEST(FindSeenId, KnowsTheNamesThatGatewaysGiveIt) {
  for (const char* const name : {"video_id", "job_id", "taskId", "videoId", "jobId", "generation_id"})
    EXPECT_EQ(find_seen_id("{\"code\":200,\"" + std::string(name) + "\":\"v_1\"}"), "v_1") << name;
  EXPECT_EQ(find_seen_id(R"({"code":200,"data":"task_01k"})"), "task_01k");
  EXPECT_EQ(find_seen_id(R"({"code":200,"data":"queued"})"), "");
  EXPECT_EQ(find_seen_id(R"({"code":200,"data":1234567})"), "");
}

TEST(FindSeenId, FindsItInOddForms) {
  EXPECT_EQ(find_seen_id(R"({"id":1.5e3,"status":"queued"})"), "1.5e3");
  EXPECT_EQ(find_seen_id(R"({"id":12345.0})"), "12345.0");
  EXPECT_EQ(find_seen_id(R"({"id":["v1"]})"), "v1");
  EXPECT_EQ(find_seen_id(R"({"id": { "$oid" : "abc123" } })"), "abc123");
  EXPECT_EQ(find_seen_id(R"({"_id":{"$oid":"abc123"},"id":"v2"})"), "v2") << "that is nested less";
  EXPECT_EQ(find_seen_id(R"({"Id":"v1"})"), "v1");
  EXPECT_EQ(find_seen_id(R"({"ID":"v1"})"), "v1");
  EXPECT_EQ(find_seen_id(R"({"id":{}})"), "");
  EXPECT_EQ(find_seen_id(R"({"id":{"name")"), "");
  EXPECT_EQ(find_seen_id(R"({"id":[)"), "");
  EXPECT_EQ(find_seen_id(R"({"id":0})"), "");
}

TEST(FindSeenId, TakesTheOneThatIsNestedLeast) {
  EXPECT_EQ(find_seen_id(R"({"user":{"id":"u_1"},"id":"video_1",)"), "video_1");
  EXPECT_EQ(find_seen_id(R"({"user":[{"id":"u_1"}],"data":{"id":"video_1")"), "video_1");
}

TEST(FindSeenId, TakesNoneFromWithinAString) {
  EXPECT_EQ(find_seen_id(R"({"prompt":"{\"id\":\"video_9\"}")"), "");
  EXPECT_EQ(find_seen_id(R"({"prompt":"\\\"id\":\"video_9\",")"), "");
  EXPECT_EQ(find_seen_id(R"({"prompt":"an \"id\": \"video_9\"","id":"video_1",)"), "video_1");
}

TEST(FindSeenId, TakesNoneThatIsNotWhole) {
  for (const char* text :
       {"", "id", R"("id":)", R"({"id":"video_)", R"({"id":"video\)", R"({"id":123)", R"({"id":1.5)",
        R"({"id":0,)", R"({"id":"",)", R"({"id":null,)", R"({"id":{"id":)", R"({"IDs":"x",)",
        R"({"id":"two words",)", R"({"id":"a\u0041",)", "{\"id\":\"\xFF\",", "{\"id\":\"a\nb\","})
    EXPECT_EQ(find_seen_id(text), "") << text;
  EXPECT_EQ(find_seen_id(R"({"id":")" + std::string(201, 'x') + "\","), "");
  EXPECT_EQ(find_seen_id(R"({"id":")" + std::string(200, 'x') + "\",").size(), 200U);
}

TEST(FindSeenId, LooksAtWhatCouldBeReadOfACompressedBody) {
  Reply reply;
  reply.body = "\x1F\x8B";
  reply.glimpse = R"({"id":"video_1",)";
  EXPECT_EQ(find_seen_id(reply), "video_1");
}

}  // namespace
}  // namespace reeld
