#include "codec/video_json.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const SystemTime answered_at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);

VideoAnswer read(std::string body, int status = 200, Headers headers = {}) {
  return read_video_answer(Reply{status, std::move(headers), std::move(body)}, answered_at);
}

std::vector<std::string> links(std::string body, FollowVariant variant = FollowVariant::video) {
  return read(std::move(body)).links[static_cast<std::size_t>(variant)];
}

TEST(ReadVideoAnswer, ReadsTheReferenceAnswer) {
  const VideoAnswer answer = read(
      R"({"id":"video_1","object":"video","model":"sora-2","status":"completed","progress":100,
          "created_at":1761622232,"expires_at":1761708632,"video_url":"https://cdn.example/a.mp4?sig=x"})",
      200, {{"openai-poll-after-ms", "2500"}});
  EXPECT_EQ(answer.api.id, "video_1");
  EXPECT_EQ(answer.api.status_word, "completed");
  EXPECT_EQ(answer.progress, 100);
  EXPECT_EQ(answer.failure, "");
  EXPECT_EQ(answer.expires_at, SystemTime(1761708632s));
  EXPECT_EQ(answer.poll_after, 2500ms);
  EXPECT_THAT(answer.links[0], ElementsAre("https://cdn.example/a.mp4?sig=x"));
}

TEST(ReadVideoAnswer, FindsLinksWhereverTheyMayStand) {
  struct Case {
    const char* body;
    const char* link;
  };
  constexpr Case cases[] = {
      {R"({"video_url":"https://a/v"})", "https://a/v"},
      {R"({"url":" HTTPS://a/v "})", "HTTPS://a/v"},
      {R"({"url":"http://a/v"})", "http://a/v"},
      {R"({"url":"/v1/files/v.mp4"})", "/v1/files/v.mp4"},
      {R"({"data":{"url":"https://a/v"}})", "https://a/v"},
      {R"({"data":[{"video_url":"https://a/v"}]})", "https://a/v"},
      {R"({"data":{"data":{"video_url":"https://a/v"}}})", "https://a/v"},
      {R"({"output":"https://a/v"})", "https://a/v"},
      {R"({"output":["https://a/v"]})", "https://a/v"},
      {R"({"output":{"video_url":"https://a/v"}})", "https://a/v"},
      {R"({"output":[{"url":"https://a/v"}]})", "https://a/v"},
      {R"({"data":{"output":{"video":"https://a/v"}}})", "https://a/v"},
      {R"({"content":{"url":"https://a/v"}})", "https://a/v"},
      {R"({"data":{"content":{"url":"https://a/v"}}})", "https://a/v"},
      {"\xEF\xBB\xBF{\"x\":NaN,\"url\":\"https://a/v\"}", "https://a/v"},
  };
  for (const Case& row : cases) EXPECT_THAT(links(row.body), ElementsAre(row.link)) << row.body;
}

TEST(ReadVideoAnswer, TakesEachLinkOnceTheLikeliestFirst) {
  EXPECT_THAT(links(R"({"output":["https://a/3","https://a/1"],"url":"https://a/2","video_url":"https://a/1",
                        "content":{"url":"https://a/4"},"data":{"video_url":"https://a/5"}})"),
              ElementsAre("https://a/1", "https://a/5", "https://a/2", "https://a/3", "https://a/4"));
}

TEST(ReadVideoAnswer, TakesNothingForALinkThatIsNone) {
  for (const char* body :
       {R"({"url":"ftp://a/v"})", R"({"url":"javascript:x"})", R"({"url":""})", R"({"url":7})",
        R"({"url":null})", R"({"url":["https://a/v"]})", R"({"prompt":"https://a/v"})",
        R"({"data":[{"url":"https://a/1"},{"url":"https://a/2"}]})", R"({"output":[["https://a/v"]]})",
        R"({"content":"https://a/v"})", R"(["https://a/v"])", "<html>", ""}) {
    EXPECT_THAT(links(body), IsEmpty()) << body;
  }
  EXPECT_THAT(links(R"({"url":"https://a/)" + std::string(9000, 'x') + "\"}"), IsEmpty());
  std::string many;
  for (int i = 0; i < 50; ++i) many += (i == 0 ? "\"https://a/" : ",\"https://a/") + std::to_string(i) + "\"";
  EXPECT_THAT(links("{\"output\":[" + many + "]}"), SizeIs(8));
}

TEST(ReadVideoAnswer, FindsPictures) {
  const char* const body = R"({"thumbnail_url":"https://a/t","data":{"spritesheet_url":"https://a/s"}})";
  EXPECT_THAT(links(body, FollowVariant::thumbnail), ElementsAre("https://a/t"));
  EXPECT_THAT(links(body, FollowVariant::spritesheet), ElementsAre("https://a/s"));
  EXPECT_THAT(links(body), IsEmpty());
}

TEST(ReadVideoAnswer, ReadsProgressInAllItsForms) {
  struct Case {
    const char* body;
    std::optional<std::uint8_t> percent;
  };
  constexpr Case cases[] = {{R"({"progress":33})", 33},
                            {R"({"progress":33.9})", 33},
                            {R"({"progress":"33%"})", 33},
                            {R"({"progress":"33"})", 33},
                            {R"({"data":{"progress":"7%"}})", 7},
                            {R"({"progress":null,"data":{"progress":7}})", 7},
                            {R"({"progress":"soon"})", std::nullopt},
                            {R"({"progress":{}})", std::nullopt},
                            {"{}", std::nullopt}};
  for (const Case& row : cases) EXPECT_EQ(read(row.body).progress, row.percent) << row.body;
}

TEST(ReadVideoAnswer, ReadsWhenLinksEnd) {
  struct Case {
    const char* body;
    std::optional<SystemTime> at;
  };
  const Case cases[] = {{R"({"expires_at":1761708632})", SystemTime(1761708632s)},
                        {R"({"expires_at":1761708632123})", SystemTime(1761708632123ms)},
                        {R"({"expires_at":"1761708632"})", SystemTime(1761708632s)},
                        {R"({"data":{"expires_at":1761708632.5}})", SystemTime(1761708632500ms)},
                        {R"({"expires_at":17617088632})", std::nullopt},
                        {R"({"expires_at":9000000000000})", std::nullopt},
                        {R"({"expires_at":0})", std::nullopt},
                        {R"({"expires_at":-5})", std::nullopt},
                        {R"({"expires_at":1e300})", std::nullopt},
                        {R"({"expires_at":"tomorrow"})", std::nullopt}};
  for (const Case& row : cases) EXPECT_EQ(read(row.body).expires_at, row.at) << row.body;
}

TEST(ReadVideoAnswer, SaysWhyAJobHasFailed) {
  struct Case {
    const char* body;
    const char* failure;
  };
  constexpr Case cases[] = {
      {R"({"id":"a","status":"failed","error":{"message":"blocked","code":"c"}})", "blocked"},
      {R"({"id":"a","status":"failed","error":"no luck"})", "no luck"},
      {R"({"code":"success","data":{"task_id":"a","status":"FAILURE","fail_reason":"upstream"}})",
       "upstream"},
      {R"({"data":{"data":{"fail_reason":"deep"}}})", "deep"},
      {R"({"id":"a","status":"failed","error":{"code":"moderation_blocked"}})", "moderation_blocked"},
      {R"({"id":"a","status":"failed","error":null})", ""},
  };
  for (const Case& row : cases) EXPECT_EQ(read(row.body).failure, row.failure) << row.body;
  EXPECT_LE(read(R"({"status":"failed","fail_reason":")" + std::string(9000, 'x') + "\"}").failure.size(),
            2000U);
}

}  // namespace
}  // namespace reeld
