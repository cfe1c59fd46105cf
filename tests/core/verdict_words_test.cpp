// Every code and phrase of the table, written down by hand: whoever takes one away, or moves its row, has to
// say so here.

#include <gtest/gtest.h>

#include "core/replies.hpp"

namespace reeld {
namespace {

using enum Verdict;

struct Words {
  int status;
  Verdict verdict;
  std::vector<const char*> words;
};

const std::vector<Words> codes{
    {400,
     account,
     {"insufficient_user_quota",
      "pre_consume_token_quota_failed",
      "insufficient_quota",
      "billing_hard_limit_reached",
      "insufficient_balance",
      "billing_not_active",
      "quota_exhausted",
      "token_quota_exhausted",
      "budget_exceeded",
      "Arrearage",
      "insufficient_credits",
      "payment_required",
      "unsupported_country_region_territory",
      "unsupported_country",
      "invalid_api_key",
      "incorrect_api_key",
      "invalid_token",
      "authentication_error",
      "permission_denied",
      "AccountOverdueError",
      "account_overdue"}},
    {400, throttled, {"saturated", "upstream_saturated", "no_available_channel", "get_channel_failed"}},
    {500, throttled, {"saturated", "upstream_saturated", "no_available_channel", "get_channel_failed"}},
    {503, throttled, {"model_not_found"}},
    {403, account, {"new_api_error"}},
    {400,
     refused,
     {"fail_to_fetch_task", "content_policy_violation", "content_violation", "content_filter",
      "content_moderation", "moderation_blocked", "moderation_failed", "prompt_blocked", "invalid_prompt",
      "sensitive_words_detected", "SensitiveContentDetected", "InputTextSensitiveContentDetected",
      "InputImageSensitiveContentDetected", "data_inspection_failed", "DataInspectionFailed",
      "violation_fee.grok.csam", "safety_violation"}}};
const std::vector<Words> phrases{
    {400,
     account,
     {"credit balance is too low",
      "insufficient balance",
      "insufficient credit",
      "insufficient account balance",
      "insufficient funds",
      "not enough credits",
      "budget has been exceeded",
      "overdue balance",
      "Country, region, or territory not supported",
      "User location is not supported",
      "not available in your country",
      "not available in your region",
      "余额不足",
      "额度不足",
      "余额已用尽",
      "额度已用尽",
      "欠费",
      "exceeded your current quota",
      "API key not valid",
      "invalid API key",
      "incorrect API key",
      "API key is invalid",
      "API key has expired",
      "无效的令牌",
      "无效的API key"}},
    {500,
     throttled,
     {"上游负载已饱和", "is saturated", "upstream saturated", "no available channel", "无可用渠道",
      "no channel available"}},
    {404, account, {"Invalid URL", "no route", "no such route", "unknown request URL"}}};

TEST(VerdictWords, EachCodeIsKnown) {
  for (const Words& row : codes)
    for (const char* const word : row.words)
      EXPECT_EQ(judge_reply(make_error(row.status, word)), row.verdict) << row.status << " " << word;
}

TEST(VerdictWords, EachPhraseIsKnown) {
  for (const Words& row : phrases)
    for (const char* const word : row.words)
      EXPECT_EQ(judge_reply(make_error(row.status, "x", "so: " + std::string(word) + "!")), row.verdict)
          << row.status << " " << word;
}

TEST(VerdictWords, ACodeOfAContentCheckIsThePairsAlone) {
  for (const char* const word : codes.back().words) {
    AttemptEnd end;
    end.committed = end.has_accepted = true;
    end.reply = make_error(400, word);
    const bool is_of_content = std::string_view(word) != "fail_to_fetch_task";
    EXPECT_EQ(judge(end, {}).about, is_of_content ? About::pair_alone : About::pair) << word;
  }
}

TEST(VerdictWords, ACertificateIsAskedForInTheWordsOfNginx) {
  for (const char* const title :
       {"400 No required SSL certificate was sent", "400 The SSL certificate error"}) {
    AttemptEnd end;
    end.committed = true;
    end.reply = make_reply(400);
    end.reply->page = title;
    const Judgement judgement = judge(end, {});
    EXPECT_EQ(judgement.verdict, account);
    EXPECT_NE(judgement.reason.find("client_cert_file"), std::string::npos) << title;
  }
}

}  // namespace
}  // namespace reeld
