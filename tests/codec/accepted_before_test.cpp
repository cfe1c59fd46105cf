// What the first version took for an accepted job is one for ever: every form of it, each with each.

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "codec/job_json.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

// `@` stands for what comes in the same object besides.
constexpr std::array ids{R"({"id":"video_1"@})",
                         R"({"task_id":"video_1"@})",
                         R"({"id":"","task_id":"video_1"@})",
                         R"({"id":null,"data":{"id":"video_1"}@})",
                         R"({"data":{"task_id":"video_1","id":7}@})",
                         R"({"id":"video_1","data":["x"]@})",
                         R"({"id":"video_1","task_id":"other"@})"};
constexpr std::array no_errors{"",
                               R"(,"error":null)",
                               R"(,"error":false)",
                               R"(,"error":0)",
                               R"(,"error":"")",
                               R"(,"error":[])",
                               R"(,"error":{})",
                               R"(,"error":{"code":null,"message":"","type":""})"};
constexpr std::array statuses{"",
                              R"(,"status":"")",
                              R"(,"status":"queued")",
                              R"(,"status":"IN_PROGRESS")",
                              R"(,"status":"completed")",
                              R"(,"status":"NOT_START")",
                              R"(,"status":7)",
                              R"(,"status":"a word that nobody knows")"};
constexpr std::array codes{"",
                           R"(,"code":"success","message":"ok")",
                           R"(,"code":0,"message":"")",
                           R"(,"code":200,"message":"success")",
                           R"(,"code":1001,"message":"taken")",
                           R"(,"success":false)",
                           R"(,"detail":"a word")"};

std::string build_body(const char* id, std::initializer_list<const char*> more) {
  std::string out = id;
  std::string members;
  for (const char* member : more) members += member;
  return out.replace(out.find('@'), 1, members);
}

bool is_taken(std::string body, int status) {
  AttemptEnd end;
  end.committed = true;
  end.reply = read_api_reply(Reply{status, {}, std::move(body)}, SystemTime());
  const Judgement judgement = judge(end, {});
  return judgement.verdict == Verdict::accepted && end.reply->id == "video_1";
}

TEST(AcceptedBefore, IsAcceptedStill) {
  int count = 0;
  for (const char* const id : ids)
    for (const char* const error : no_errors)
      for (const char* const status : statuses)
        for (const char* const code : codes) {
          const std::string body = build_body(id, {error, status, code});
          EXPECT_TRUE(is_taken(body, 200 + count % 100)) << 200 + count % 100 << " " << body;
          ++count;
        }
  EXPECT_EQ(count, 7 * 8 * 8 * 7);
}

}  // namespace
}  // namespace reeld
