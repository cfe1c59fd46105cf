#include "core/verdict.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/replies.hpp"

namespace reeld {
namespace {

/// The same, with `error.type` behind its code.
ApiReply of_type(ApiReply reply, std::string type) {
  reply.codes.push_back(std::move(type));
  return reply;
}

struct Row {
  const char* what;
  ApiReply reply;
  Verdict committed;
  Verdict early;
};

using enum Verdict;

std::vector<Row> rows() {
  ApiReply with_wait = make_error(503, "");
  with_wait.retry_after = milliseconds(1000);
  with_wait.retry_after_header = true;
  ApiReply with_param = make_error(403, "some_code");
  with_param.names_request = true;
  ApiReply wrong_key_with_param = make_error(403, "invalid_api_key");
  wrong_key_with_param.names_request = true;
  ApiReply failed_word = make_created("failed");
  ApiReply no_id_error = make_error(200, "oops");
  ApiReply array = make_reply(200);
  array.json = true;
  ApiReply created_busy = make_created("failed");
  created_busy.real_error = created_busy.error_object = true;
  created_busy.texts = {"当前分组上游负载已饱和，请稍后再试"};
  return {
      {"created", make_created(), accepted, accepted},
      {"created, 202",
       [] {
         auto r = make_created();
         r.status = 202;
         return r;
       }(),
       accepted, accepted},
      {"created, running already", make_created("in_progress"), accepted, accepted},
      {"created and failed at once", failed_word, refused, refused},
      {"created, and busy: never bought again", created_busy, refused, refused},
      {"200 with an error", no_id_error, refused, refused},
      {"200 without an id", make_reply(200), doubt, doubt},
      {"200 with an array", array, doubt, doubt},
      {"204", make_reply(204), doubt, doubt},
      {"429 bare", make_reply(429), throttled, throttled},
      {"429 with an error", make_error(429, "rate_limit_exceeded"), throttled, throttled},
      {"425", make_reply(425), throttled, throttled},
      {"saturated at 500", make_error(500, "", "当前分组上游负载已饱和，请稍后再试"), throttled, throttled},
      {"saturated at 400", make_error(400, "", "Upstream load is saturated"), throttled, throttled},
      {"no channel at 503", make_error(503, "model_not_found"), throttled, throttled},
      {"unknown model at 404", make_error(404, "model_not_found"), refused, refused},
      {"503 with Retry-After and an error", with_wait, throttled, throttled},
      {"503 bare", make_reply(503), doubt, unsent},
      {"503 with Retry-After, and no error",
       [] {
         auto r = make_reply(503);
         r.retry_after_header = true;
         r.page = "503 Service Unavailable";
         return r;
       }(),
       doubt, unsent},
      {"quota at 403", make_error(403, "insufficient_user_quota"), account, account},
      {"quota at 429", make_error(429, "insufficient_quota"), account, account},
      {"quota at 500", make_error(500, "pre_consume_token_quota_failed"), account, account},
      {"401", make_error(401, "invalid_api_key"), account, account},
      {"401 bare", make_reply(401), account, account},
      {"401, the upstream's", make_error(401, "fail_to_fetch_task"), refused, refused},
      {"402", make_reply(402), account, account},
      {"403 bare", make_reply(403), account, account},
      {"403, the gateway's", make_error(403, "new_api_error"), account, account},
      {"403, the upstream's", make_error(403, "fail_to_fetch_task"), refused, refused},
      {"403 about the content", make_error(403, "content_policy_violation"), refused, refused},
      {"403 with a param", with_param, refused, refused},
      {"403, a wrong key", of_type(make_error(403, "invalid_api_key"), "invalid_request_error"), account,
       account},
      {"403, the key's region", make_error(403, "unsupported_country_region_territory"), account, account},
      {"403 of a request, which tells nothing", make_error(403, "invalid_request_error"), account, account},
      {"403 about the content, of a request",
       of_type(make_error(403, "content_filter"), "invalid_request_error"), refused, refused},
      {"403 about the content, denied", of_type(make_error(403, "content_filter"), "permission_denied"),
       refused, refused},
      {"403, a wrong key, with a param", wrong_key_with_param, account, account},
      {"400, a wrong key", make_error(400, "incorrect_api_key"), account, account},
      {"404, a wrong key", of_type(make_error(404, "x"), "authentication_error"), account, account},
      {"500, a wrong key", make_error(500, "invalid_api_key"), account, account},
      {"400, a wrong key in words", make_error(400, "", "API key not valid. Please pass a valid API key."),
       account, account},
      {"400, a budget", make_error(400, "budget_exceeded"), account, account},
      {"400, arrears", make_error(400, "Arrearage", "Access denied"), account, account},
      {"400, no credit in words", make_error(400, "", "Your credit balance is too low to access the API"),
       account, account},
      {"400, no credit in Chinese", make_error(400, "", "用户余额不足，请充值"), account, account},
      {"200, an id that is damaged, and busy",
       [] {
         auto r = make_error(200, "", "当前分组上游负载已饱和");
         r.has_unreadable_id = true;
         return r;
       }(),
       doubt, doubt},
      {"200 without an error, and words of credit",
       [] {
         auto r = make_reply(200);
         r.json = r.json_object = true;
         r.texts = {"queued; insufficient balance soon"};
         return r;
       }(),
       doubt, doubt},
      {"429, a rate in words of quota", make_error(429, "", "You exceeded your current quota"), throttled,
       throttled},
      {"200, no credit in Chinese", make_error(200, "1001", "余额不足"), account, account},
      {"407", make_reply(407), account, account},
      {"301", make_reply(301), account, account},
      {"307", make_reply(307), account, account},
      {"400", make_error(400, ""), refused, refused},
      {"400 bare", make_reply(400), account, account},
      {"413 bare", make_reply(413), refused, refused},
      {"415 bare", make_reply(415), account, account},
      {"415 with an error", make_error(415, "x"), refused, refused},
      {"422 bare", make_reply(422), account, account},
      {"422 with an error", make_error(422, "x"), refused, refused},
      {"404 bare", make_reply(404), account, account},
      {"404 with an error", make_error(404, "not_found"), refused, refused},
      {"404, a wrong URL", make_error(404, "", "Invalid URL (POST /v2/videos)"), account, account},
      {"405 bare", make_reply(405), account, account},
      {"405 with an error", make_error(405, "x"), refused, refused},
      {"409 with an error", make_error(409, "conflict"), refused, refused},
      {"451 bare", make_reply(451), account, account},
      {"408", make_reply(408), doubt, unsent},
      {"408 with an error", make_error(408, "timeout"), doubt, unsent},
      {"500", make_error(500, "do_request_failed"), doubt, unsent},
      {"502", make_reply(502), doubt, unsent},
      {"504", make_reply(504), doubt, unsent},
      {"524", make_reply(524), doubt, unsent},
      {"600 and beyond", make_reply(700), doubt, unsent},
  };
}

TEST(Verdict, JudgesEveryRowPastTheCommitPoint) {
  for (const Row& row : rows()) EXPECT_EQ(judge_reply(row.reply, true), row.committed) << row.what;
}

TEST(Verdict, JudgesEveryRowBeforeTheCommitPoint) {
  for (const Row& row : rows()) EXPECT_EQ(judge_reply(row.reply, false), row.early) << row.what;
}

TEST(Verdict, WhatACheckOfTheContentSaysOfOnePairPausesNobody) {
  for (const char* code :
       {"content_policy_violation", "content_violation", "content_filter", "content_moderation",
        "moderation_blocked", "moderation_failed", "prompt_blocked", "invalid_prompt",
        "sensitive_words_detected", "SensitiveContentDetected", "InputTextSensitiveContentDetected",
        "InputImageSensitiveContentDetected", "data_inspection_failed", "DataInspectionFailed",
        "violation_fee.grok.csam", "safety_violation"}) {
    for (const int status : {400, 401, 402, 403, 422}) {
      EXPECT_EQ(judge_reply(make_error(status, code)), refused) << status << " " << code;
      EXPECT_EQ(judge_reply(of_type(make_error(status, code), "new_api_error")), refused) << status << code;
      EXPECT_EQ(judge_reply(of_type(make_error(status, "x"), code)), refused) << status << ", type " << code;
    }
    EXPECT_EQ(judge_reply(make_error(429, code)), throttled) << code;
    EXPECT_EQ(judge_reply(make_error(500, code)), doubt) << code;
  }
}

TEST(Verdict, WordsAboutTheContentAloneDoNotRefuse) {
  const char* suspended = "Your account was suspended: content_policy_violation";
  EXPECT_EQ(judge_reply(make_error(403, "", suspended)), account);
  EXPECT_EQ(judge_reply(make_error(403, "account_suspended", suspended)), account);
}

TEST(Verdict, SilenceIsDoubtOnlyPastTheCommitPoint) {
  AttemptEnd end;
  end.failure = "reset";
  EXPECT_EQ(judge(end, {}).verdict, unsent);
  EXPECT_EQ(judge(end, {}).reason, "reset");
  end.committed = true;
  EXPECT_EQ(judge(end, {}).verdict, doubt);
}

TEST(Verdict, ACutReplyIsDoubtPastTheCommitPointWhateverItsStatus) {
  for (const int status : {200, 400, 429, 500}) {
    AttemptEnd end;
    end.committed = true;
    end.cut_status = status;
    EXPECT_EQ(judge(end, {}).verdict, doubt) << status;
  }
}

TEST(Verdict, AnEarlySuccessThatWasCutIsNeverThrownAway) {
  AttemptEnd end;
  end.cut_status = 200;
  EXPECT_EQ(judge(end, {}).verdict, doubt);
  end.cut_status = 413;
  EXPECT_EQ(judge(end, {}).verdict, unsent);
}

TEST(Verdict, NoRuleOverridesAccepted) {
  VerdictRule all;
  all.statuses = {200};
  all.verdict = refused;
  EXPECT_EQ(judge_reply(make_created(), true, {all}), accepted);
  EXPECT_EQ(judge_reply(make_reply(200), true, {all}), refused);
}

TEST(Verdict, RulesOfTheUserComeBeforeTheTableAndTheFirstThatHoldsWins) {
  VerdictRule by_code;
  by_code.code = "Do_Request_Failed";
  by_code.verdict = throttled;
  VerdictRule by_status;
  by_status.statuses = {500, 503};
  by_status.verdict = refused;
  const std::vector<VerdictRule> rules{by_code, by_status};
  EXPECT_EQ(judge_reply(make_error(500, "do_request_failed"), true, rules), throttled);
  EXPECT_EQ(judge_reply(make_error(503, "other"), true, rules), refused);
  EXPECT_EQ(judge_reply(make_error(502, "other"), true, rules), doubt);
}

TEST(Verdict, ARuleHoldsOnlyWhenEverythingItNamesDoes) {
  VerdictRule rule;
  rule.statuses = {500};
  rule.contains = "UPSTREAM";
  rule.verdict = throttled;
  EXPECT_EQ(judge_reply(make_error(500, "", "bad upstream"), true, {rule}), throttled);
  EXPECT_EQ(judge_reply(make_error(500, "", "bad luck"), true, {rule}), doubt);
  EXPECT_EQ(judge_reply(make_error(502, "", "bad upstream"), true, {rule}), doubt);
}

TEST(Verdict, ARuleLooksForItsTextInEveryFieldOfTheError) {
  VerdictRule rule;
  rule.contains = "Gateway_Busy";
  rule.verdict = throttled;
  EXPECT_EQ(judge_reply(make_error(500, "upstream_gateway_busy"), true, {rule}), throttled);
  EXPECT_EQ(judge_reply(of_type(make_error(500, "x"), "gateway_busy_error"), true, {rule}), throttled);
  EXPECT_EQ(judge_reply(make_error(500, "", "code: GATEWAY_BUSY"), true, {rule}), throttled);
  EXPECT_EQ(judge_reply(make_error(500, "gateway", "busy"), true, {rule}), doubt) << "within one field";
}

Verdict judge_with_prompt(ApiReply reply, std::string_view prompt,
                          const std::vector<VerdictRule>& rules = {}) {
  AttemptEnd end;
  end.committed = true;
  end.has_accepted = true;
  end.reply = std::move(reply);
  end.sent = prompt;
  return judge(end, rules).verdict;
}

TEST(Verdict, WhatThePromptSaysDecidesNothing) {
  const ApiReply echo = make_error(500, "", "cannot do: The red is saturated, and ...");
  EXPECT_EQ(judge_with_prompt(echo, "A cow."), throttled);
  EXPECT_EQ(judge_with_prompt(echo, "The red\n  Is Saturated, and the cow is blue."), doubt);
  EXPECT_EQ(judge_with_prompt(make_error(500, "", "无可用渠道"), "门上写着：无可用渠道"), doubt);
  EXPECT_EQ(judge_with_prompt(make_error(404, "", "No route for: There is no route home"),
                              "There is no route home"),
            refused);
  // Another of the row's phrases is not an echo.
  EXPECT_EQ(judge_with_prompt(make_error(500, "", "no available channel"), "The red is saturated."),
            throttled);
  EXPECT_EQ(judge_with_prompt(make_error(500, "no_available_channel"), "A cow."), throttled);
  EXPECT_EQ(judge_with_prompt(make_error(500, "no_available_channel"), "say: no_available_channel"),
            throttled);
  EXPECT_EQ(judge_with_prompt(make_error(500, "saturated"), "a desaturated film"), throttled);
  EXPECT_EQ(judge_with_prompt(make_error(500, "saturated"), "a film\n Saturated "), doubt);
}

TEST(Verdict, WhatThePromptSaysHoldsInNoRule) {
  VerdictRule rule;
  rule.contains = "Out of  Memory";
  rule.verdict = throttled;
  const ApiReply echo = make_error(500, "", "worker: out of  memory");
  EXPECT_EQ(judge_with_prompt(echo, "A cow.", {rule}), throttled);
  EXPECT_EQ(judge_with_prompt(echo, "A robot, out of memory", {rule}), doubt);
  rule.contains = "memory";
  const ApiReply code = make_error(500, "out_of_memory");
  EXPECT_EQ(judge_with_prompt(code, "A cow.", {rule}), throttled);
  EXPECT_EQ(judge_with_prompt(code, "A memory", {rule}), doubt) << "a code may be made of the prompt, too";
}

TEST(Verdict, NoRuleMakesDoubtOfWhatWasNotSentWhole) {
  VerdictRule rule;
  rule.verdict = doubt;
  rule.statuses = {200, 400, 500};
  EXPECT_EQ(judge_reply(make_error(400, ""), true, {rule}), doubt);
  EXPECT_EQ(judge_reply(make_error(400, ""), false, {rule}), refused);
  EXPECT_EQ(judge_reply(make_reply(500), false, {rule}), unsent);
  EXPECT_EQ(judge_reply(make_error(200, "oops"), false, {rule}), doubt)
      << "an early success may have created";
}

TEST(Verdict, AProxysRefusalIsNeverTheApisAnswer) {
  AttemptEnd end;
  end.proxy_reply = true;
  end.reply = make_created();
  EXPECT_NE(judge(end, {}).verdict, accepted);
  end.reply = make_reply(407);
  EXPECT_EQ(judge(end, {}).verdict, account);
  for (const int status : {400, 403, 404, 413}) {
    end.reply = make_reply(status);
    const Judgement judgement = judge(end, {});
    EXPECT_EQ(judgement.verdict, account) << status;
    EXPECT_EQ(judgement.about, About::all) << "it comes before any pair";
    EXPECT_TRUE(judgement.reason.starts_with("the proxy answered HTTP " + std::to_string(status)));
    EXPECT_NE(judgement.reason.find("does not connect reeld to the API's host"), std::string::npos);
  }
}

TEST(Verdict, TellsTheWaitThatWasAskedFor) {
  AttemptEnd end;
  end.committed = true;
  end.reply = make_reply(429);
  end.reply->retry_after = milliseconds(1500);
  EXPECT_EQ(judge(end, {}).wait, milliseconds(1500));
}

TEST(Verdict, TheReasonQuotesTheApiAndSaysWhatToDo) {
  AttemptEnd end;
  end.committed = true;
  end.reply = make_error(401, "invalid_api_key", "Incorrect key");
  EXPECT_EQ(judge(end, {}).reason,
            "the API answered HTTP 401 (invalid_api_key) \"Incorrect key\": the key is not accepted; put a "
            "valid one in "
            "its place");
}

TEST(Verdict, ALongTextIsCutAtACharacter) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "字";
  AttemptEnd end;
  end.reply = make_error(400, "", text);
  const std::string reason = judge(end, {}).reason;
  EXPECT_LT(reason.size(), 700U);
  EXPECT_EQ(reason.find("字...\""), reason.find("...\"") - 3);
}

TEST(Verdict, KnowsTheWordsOfFailureInAnyCase) {
  for (const char* word : {"failed", "FAILURE", "Fail", "error", "cancelled", "canceled"}) {
    EXPECT_TRUE(is_failure_word(word)) << word;
  }
  for (const char* word : {"", "queued", "completed", "expired", "failing"})
    EXPECT_FALSE(is_failure_word(word)) << word;
}

TEST(Judge, ADoubtSaysWhatIsWrongWithTheAnswer) {
  AttemptEnd end;
  end.committed = true;
  end.reply = make_reply(200);
  EXPECT_EQ(judge(end, {}).reason,
            "the API answered HTTP 200: a success without a job's id; the API may have created the job");
  end.reply->flaw = "is HTML";
  EXPECT_EQ(judge(end, {}).reason,
            "the API answered HTTP 200: the answer is HTML; the API may have created the job");
  end.reply->status = 502;
  EXPECT_EQ(judge(end, {}).reason, "the API answered HTTP 502: the API may have created the job");
}

TEST(Judge, AnEarlySuccessOnAReusedConnectionMayBeTheFormerRequests) {
  AttemptEnd end;
  end.reply = make_created();
  EXPECT_EQ(judge(end, {}).verdict, Verdict::accepted) << "nobody else's on a fresh connection";
  end.reused_connection = true;
  EXPECT_EQ(judge(end, {}).verdict, Verdict::doubt);
  end.reply = make_created("failed");
  EXPECT_EQ(judge(end, {}).verdict, Verdict::doubt) << "nor is it known whose failure that is";
  VerdictRule rule;
  rule.statuses = {200};
  rule.verdict = Verdict::throttled;
  EXPECT_EQ(judge(end, {rule}).verdict, Verdict::doubt);
  end.reply = make_reply(503);
  EXPECT_EQ(judge(end, {}).verdict, Verdict::unsent);
  end.committed = true;
  end.reply = make_created();
  EXPECT_EQ(judge(end, {}).verdict, Verdict::accepted) << "a whole request has been sent";
}

}  // namespace
}  // namespace reeld
