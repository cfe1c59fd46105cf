#include "follow/poll_verdict.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using Event = FollowEvent::Kind;
using enum PaceNews;

/// A job's answer.
VideoAnswer make_answer(std::string_view status_word, int status = 200, std::string_view id = "video_1") {
  VideoAnswer answer;
  answer.api.status = status;
  answer.api.json = answer.api.json_object = true;
  answer.api.id = id;
  answer.api.status_word = status_word;
  return answer;
}

/// An API's error.
VideoAnswer make_error(int status, std::string_view code, std::string_view text = "no") {
  VideoAnswer answer;
  answer.api.status = status;
  answer.api.json = answer.api.json_object = answer.api.error_object = answer.api.real_error = true;
  if (!code.empty()) answer.api.codes = {std::string(code)};
  answer.api.texts = {std::string(text)};
  return answer;
}

TEST(JudgePoll, ReadsTheJobsStatus) {
  struct Case {
    const char* word;
    Event event;
    bool is_known;
  };
  constexpr Case cases[] = {{"queued", Event::running, true},
                            {"in_progress", Event::running, true},
                            {"succeeded", Event::completed, true},
                            {"cancelled", Event::failed, true},
                            {"expired", Event::expired, true},
                            {"upscaling", Event::running, false},
                            {"", Event::running, false}};
  for (const Case& row : cases) {
    const PollVerdict verdict = judge_poll(make_answer(row.word), "video_1");
    EXPECT_EQ(verdict.event.kind, row.event) << row.word;
    EXPECT_EQ(verdict.event.is_word_known, row.is_known) << row.word;
    EXPECT_EQ(verdict.pace, fine) << row.word;
    EXPECT_TRUE(verdict.may_replace) << row.word;
  }
}

TEST(JudgePoll, TakesProgressLinksAndTheLongerWait) {
  VideoAnswer answer = make_answer("running");
  answer.progress = 40;
  answer.links = {{{"https://a/1", "https://a/2"}, {}, {"https://a/s"}}};
  answer.poll_after = 20s;
  PollVerdict verdict = judge_poll(answer, "video_1");
  EXPECT_EQ(verdict.event.progress, 40);
  EXPECT_EQ(verdict.event.links, (FollowLinks{2, 0, 1}));
  EXPECT_EQ(verdict.event.wait, 20s);
  answer.api.retry_after = 30s;
  EXPECT_EQ(judge_poll(answer, "video_1").event.wait, 30s);
  answer.api.retry_after = 10s;
  EXPECT_EQ(judge_poll(answer, "video_1").event.wait, 20s);
  EXPECT_EQ(judge_poll(answer, "video_1").wait, std::nullopt) << "one job's wait is not everybody's";
}

TEST(JudgePoll, AnAnswerWithAnotherIdTellsTheStatusButDoesNotReplaceOurs) {
  const PollVerdict verdict = judge_poll(make_answer("completed", 200, "task_9"), "video_1");
  EXPECT_EQ(verdict.event.kind, Event::completed);
  EXPECT_FALSE(verdict.may_replace);
  EXPECT_FALSE(judge_poll(make_answer("completed", 200, ""), "video_1").may_replace);
}

TEST(JudgePoll, AFailedJobIsOneAtAnyStatusButOnlyWithItsId) {
  VideoAnswer answer = make_answer("failed", 400);
  answer.api.error_object = answer.api.real_error = true;
  EXPECT_EQ(judge_poll(answer, "video_1").event.kind, Event::failed);
  EXPECT_FALSE(judge_poll(answer, "video_1").may_replace);
  answer.api.codes = {"insufficient_quota"};
  answer.api.status = 200;
  EXPECT_EQ(judge_poll(answer, "video_1").event.kind, Event::failed)
      << "why it failed is not about our account";
  answer = make_error(500, "");
  answer.api.status_word = "error";
  EXPECT_EQ(judge_poll(answer, "video_1").event.kind, Event::unanswered);
}

TEST(JudgePoll, KnowsAJobThatIsNotKnown) {
  EXPECT_EQ(judge_poll(make_error(404, ""), "a").event.kind, Event::missing);
  EXPECT_EQ(judge_poll(make_error(400, "task_not_exist"), "a").event.kind, Event::missing);
  EXPECT_EQ(judge_poll(make_error(200, "task_not_exist"), "a").event.kind, Event::missing);
  EXPECT_EQ(judge_poll(make_error(410, ""), "a").event.kind, Event::missing);
  VideoAnswer page;
  page.api.status = 404;
  EXPECT_EQ(judge_poll(page, "a").event.kind, Event::missing);
  EXPECT_EQ(judge_poll(page, "a").pace, fine);
}

TEST(JudgePoll, TellsTheAccountsTroubleFromTheJobs) {
  struct Case {
    VideoAnswer answer;
    Event event;
    PaceNews pace;
  };
  const Case cases[] = {
      {make_error(401, "invalid_api_key"), Event::postponed, account},
      {make_error(402, ""), Event::postponed, account},
      {make_error(403, "insufficient_user_quota"), Event::postponed, account},
      {make_error(429, ""), Event::postponed, throttled},
      {make_error(500, "", "当前分组上游负载已饱和，请稍后再试"), Event::postponed, throttled},
      {make_error(400, "bad_request"), Event::unanswered, fine},
      {make_error(401, "fail_to_fetch_task"), Event::unanswered, fine},
      {make_error(500, "do_request_failed"), Event::unanswered, trouble},
      {make_error(503, ""), Event::unanswered, trouble},
      {make_error(408, ""), Event::unanswered, trouble},
      {make_error(200, "oops"), Event::unanswered, fine},
  };
  for (const Case& row : cases) {
    const PollVerdict verdict = judge_poll(row.answer, "video_1");
    const std::string what =
        std::to_string(row.answer.api.status) + (row.answer.api.codes.empty() ? "" : row.answer.api.codes[0]);
    EXPECT_EQ(verdict.event.kind, row.event) << what;
    EXPECT_EQ(verdict.pace, row.pace) << what;
    EXPECT_FALSE(verdict.may_replace) << what;
  }
}

TEST(JudgePoll, AThrottledPollAsksAllToWait) {
  VideoAnswer answer = make_error(429, "");
  answer.api.retry_after = 45s;
  const PollVerdict verdict = judge_poll(answer, "a");
  EXPECT_EQ(verdict.wait, 45s);
  EXPECT_EQ(verdict.event.wait, 45s);
}

TEST(JudgePoll, APageIsNoAnswer) {
  VideoAnswer page;
  page.api.status = 200;
  const PollVerdict verdict = judge_poll(page, "a");
  EXPECT_EQ(verdict.event.kind, Event::unanswered);
  EXPECT_FALSE(verdict.may_replace);
  EXPECT_EQ(judge_no_answer().event.kind, Event::postponed);
  EXPECT_EQ(judge_no_answer().pace, trouble);
}

TEST(JudgeNoFile, TellsWhatIsGoneFromWhatComesBack) {
  struct Case {
    int status;
    bool is_from_api;
    Event event;
    PaceNews pace;
  };
  constexpr Case cases[] = {
      {404, true, Event::gone, fine},
      {404, false, Event::gone, fine},
      {410, false, Event::gone, fine},
      {400, true, Event::gone, fine},
      {401, true, Event::postponed, account},
      {401, false, Event::gone, fine},
      {403, true, Event::postponed, account},
      {403, false, Event::gone, fine},
      {429, true, Event::postponed, throttled},
      {429, false, Event::postponed, throttled},
      {500, true, Event::cut, fine},
      {502, false, Event::cut, fine},
      {408, true, Event::cut, fine},
      {204, true, Event::gone, fine},
  };
  for (const Case& row : cases) {
    ApiReply reply = make_error(row.status, "").api;
    const DownloadVerdict verdict = judge_no_file(reply, row.is_from_api);
    EXPECT_EQ(verdict.event, row.event) << row.status;
    EXPECT_EQ(verdict.pace, row.pace) << row.status;
  }
}

}  // namespace
}  // namespace reeld
