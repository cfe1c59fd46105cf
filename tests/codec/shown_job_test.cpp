// An answer that shows a job of this request, in whatever form, never has the pair sent again by itself: each
// form of a failure with each place of a job's id, at each status.

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "codec/job_json.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

using std::string_view;

// What would have the pair wait, and be sent again or refused. `@` stands for what comes beside it, `&` for
// what stands in the error.
constexpr std::array failures{
    R"({"code":503,"message":"上游负载已饱和"@})",
    R"({"code":"upstream_saturated","message":"queued behind others"@})",
    R"({"code":"insufficient_quota","message":"x"@})",
    R"({"code":1001,"message":"余额不足"@})",
    R"({"success":false,"code":"x","message":"upstream saturated"@})",
    R"({"error":{"message":"no channel available"&}@})",
    R"({"error":{"code":"saturated","message":"x"&}@})",
    R"({"error":{"code":"invalid_api_key","message":"x"&}@})",
    R"({"error":"余额不足"@})",
    R"({"message":"slow","error":{"message":"slow"&}@})",
    R"({"status":"error","error":{"message":"slow"&}@})",
};
// `#` stands for the id, `$` for a status beside it.
constexpr std::array in_place{R"(,"id":#$)", R"(,"task_id":#$)", R"(,"data":{"id":#$})",
                              R"(,"data":{"task_id":#$})", R"(,"data":[{"id":#$}])"};
constexpr std::array elsewhere{
    R"(,"job_id":#$)",
    R"(,"videoId":#$)",
    R"(,"task":{"id":#$})",
    R"(,"job":{"task_id":#$})",
    R"(,"video":{"id":#$})",
    R"(,"existing":[{"video_id":#$}])",
    R"(,"result":{"id":#$})",
    R"(,"output":{"task_id":#$})",
    R"(,"data":{"task":{"id":#$}})",
    R"(,"data":{"result":{"job_id":#$}})",
    R"(,"prediction":{"id":#$})",
    R"(,"metadata":{"task_id":#$})",
    R"(,"anything":{"generation_id":#$})",
    R"(,"clips":[{"id":#$}])",
    R"(,"creation":{"id":#$})",
    R"(,"payload":{"id":#$})",
};
constexpr std::array in_error{R"(,"task_id":#$)", R"(,"job":{"id":#$})", R"(,"details":{"video_id":#$})",
                              R"(,"upstream":{"id":#$})"};
constexpr std::array ids{R"("video_77")", "12345"};
constexpr std::array live_words{R"(,"status":"queued")", R"(,"status":"PROCESSING")",
                                R"(,"state":"in_progress")", R"(,"task_status":"submitted")"};

// Of these an answer often names the job that runs, and not this one.
constexpr std::array of_key_path_or_rate{401, 402, 403, 404, 405, 425, 429};
constexpr std::array of_the_request{400, 406, 409, 422, 451, 500, 502, 503, 504};
constexpr std::array successes{200, 201, 202};

std::string fill(std::string text, char mark, string_view with) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size()))
    text.replace(at, 1, with);
  return text;
}

std::string build(string_view failure, string_view beside, string_view in_the_error, string_view id,
                  string_view word) {
  std::string out = fill(fill(std::string(failure), '@', beside), '&', in_the_error);
  return fill(fill(std::move(out), '#', id), '$', word);
}

Judgement judge_body(const std::string& body, int status, const std::vector<VerdictRule>& rules = {},
                     bool is_committed = true) {
  Reply reply{status, {}, body};
  reply.headers.emplace_back("Retry-After", "1");
  AttemptEnd end;
  end.committed = is_committed;
  end.reply = read_api_reply(reply, SystemTime());
  return judge(end, rules);
}

/// Accepted, in doubt, or refused with the id in the error file.
bool is_kept(const std::string& body, int status, const std::vector<VerdictRule>& rules = {},
             bool is_committed = true) {
  const Judgement judgement = judge_body(body, status, rules, is_committed);
  if (judgement.verdict == Verdict::accepted || judgement.verdict == Verdict::doubt) return true;
  const ApiReply reply = read_api_reply(Reply{status, {}, body}, SystemTime());
  return judgement.verdict == Verdict::refused && has_named_job(reply);
}

std::vector<std::vector<VerdictRule>> list_rules() {
  std::vector<std::vector<VerdictRule>> out{{}};
  for (const Verdict verdict : {Verdict::throttled, Verdict::account, Verdict::refused}) {
    VerdictRule rule;
    rule.verdict = verdict;
    out.push_back({rule});
  }
  return out;
}

void expect_kept(const std::string& body, int status) {
  for (const auto& rules : list_rules()) {
    EXPECT_TRUE(is_kept(body, status, rules)) << status << ' ' << body << " rules: " << rules.size();
  }
  EXPECT_TRUE(is_kept(body, status, {}, false)) << status << ' ' << body << " before the boundary";
}

template <class Each>
void for_each_failure(const Each& each) {
  for (const string_view failure : failures) each(failure);
}

TEST(ShownJob, IsKeptWhereItStandsInItsPlaceWithAWord) {
  for (const string_view place : in_place) {
    for (const string_view word : live_words) {
      for_each_failure([&](string_view failure) {
        const std::string body = build(failure, place, "", ids[0], word);
        for (const int status : successes) expect_kept(body, status);
        for (const int status : of_the_request) expect_kept(body, status);
        if (place.find('[') != string_view::npos) return;
        for (const int status : of_key_path_or_rate) expect_kept(body, status);
      });
    }
  }
}

TEST(ShownJob, IsKeptWhereverElseItStandsWithAWord) {
  for (const string_view place : elsewhere) {
    for (const string_view word : live_words) {
      for (const string_view id : ids) {
        for_each_failure([&](string_view failure) {
          const std::string body = build(failure, place, "", id, word);
          for (const int status : successes) expect_kept(body, status);
          for (const int status : of_the_request) expect_kept(body, status);
        });
      }
    }
  }
}

TEST(ShownJob, IsKeptWithinAnError) {
  for (const string_view place : in_error) {
    for_each_failure([&](string_view failure) {
      if (failure.find('&') == string_view::npos) return;
      const std::string body = build(failure, "", place, ids[0], live_words[0]);
      for (const int status : successes) expect_kept(body, status);
      if (place.find("upstream") != string_view::npos) return;  // of a refusal it may be anything's
      for (const int status : of_the_request) expect_kept(body, status);
    });
  }
}

TEST(ShownJob, OfASuccessNeedsNoWord) {
  for (const string_view place : elsewhere) {
    if (place.find("metadata") != string_view::npos) continue;
    for_each_failure([&](string_view failure) {
      for (const int status : successes) expect_kept(build(failure, place, "", ids[0], ""), status);
    });
  }
}

TEST(ShownJob, ThatHasFailedIsNamed) {
  for (const string_view place :
       {R"(,"task":{"id":#$})", R"(,"job_id":#$)", R"(,"data":{"task":{"id":#$}})"}) {
    for_each_failure([&](string_view failure) {
      const std::string body = build(failure, place, "", ids[0], R"(,"status":"failed")");
      for (const int status : of_the_request) expect_kept(body, status);
      for (const int status : successes) expect_kept(body, status);
    });
  }
}

TEST(ShownJob, IsWhatAListOfJobsShows) {
  for (const int status : successes) expect_kept(R"([{"id":"video_1","status":"queued"}])", status);
  for (const int status : of_the_request) expect_kept(R"([{"id":"video_1","status":"queued"}])", status);
}

/// A word that no dialect has, or an envelope's, beside the id.
TEST(ShownJob, HasItsWordFromWhatItStandsIn) {
  for (const string_view own : {"unknown", "new", "error"}) {
    const std::string body =
        R"({"status":"queued","error":{"code":"saturated"},"data":{"id":"video_77","status":")" +
        std::string(own) + R"("}})";
    for (const int status : of_the_request) expect_kept(body, status);
    for (const int status : of_key_path_or_rate) expect_kept(body, status);
  }
}

TEST(ShownJob, OfASuccessMayBeCompleteUnderAnyName) {
  for (const int status : successes) {
    expect_kept(R"({"error":{"code":"saturated"},"masterpiece":{"id":"v","status":"complete"}})", status);
    expect_kept(R"({"code":503,"message":"upstream saturated","x":{"id":"v","state":"success"}})", status);
  }
}

/// The ledger has it as another pair's.
TEST(ShownJob, ThatIsAnothersCountsForNothing) {
  const OtherIds of_others{"video_9", "9"};
  const auto read = [&](int status, std::string body) {
    return read_api_reply(Reply{status, {}, std::move(body)}, SystemTime(), of_others);
  };
  for (const char* const body : {R"({"error":"one at a time","id":"video_9","status":"queued"})",
                                 R"({"error":"one at a time","job":{"id":"video_9","status":"in_progress"}})",
                                 R"({"error":"one at a time","data":{"task_id":9,"status":"running"}})"}) {
    const ApiReply reply = read(409, body);
    EXPECT_FALSE(has_named_job(reply)) << body;
    EXPECT_TRUE(reply.error_object) << body;
  }
  EXPECT_EQ(read(429, R"({"id":"video_9","task_id":"t2","status":"queued"})").id, "t2");
  const ApiReply second =
      read(503, R"({"job":{"id":"video_9","status":"running"},"task":{"id":"t2","status":"queued"}})");
  EXPECT_EQ(second.id, "t2");
}

/// What stands beside a failure and is no job of this request: the verdict is what it is without.
constexpr std::array no_jobs{
    R"(,"user":{"id":"u1","status":"active"})",
    R"(,"wallet":{"id":12})",
    R"(,"channel":{"id":12,"status":"active"})",
    R"(,"workspace":{"id":"ws_1"})",
    R"(,"request_id":"r1")",
    R"(,"trace":{"id":"t1","status":"completed"})",
    R"(,"usage":{"id":"x1","state":"done"})",
    R"(,"current_job":{"id":"video_9","status":"running"})",
    R"(,"job_id":null,"task":{"id":"","status":"queued"})",
    R"(,"data":null)",
    R"(,"id":0)",
    R"(,"check":{"id":"c1","status":"unknown"})",
};

TEST(ShownJob, IsNothingElseThatHasAnId) {
  for (const string_view failure : failures) {
    const std::string plain = build(failure, "", "", "", "");
    for (const int status : {200, 400, 403, 409, 422, 429, 500, 503}) {
      const Judgement expected = judge_body(plain, status);
      for (const string_view beside : no_jobs) {
        const std::string body = build(failure, beside, "", "", "");
        const Judgement judgement = judge_body(body, status);
        // A refusal alone may be a doubt: nothing was to be sent again.
        const bool is_cautious =
            expected.verdict == Verdict::refused && judgement.verdict == Verdict::doubt && status == 200;
        EXPECT_TRUE(judgement.verdict == expected.verdict || is_cautious) << status << ' ' << body;
      }
    }
  }
}

}  // namespace
}  // namespace reeld
