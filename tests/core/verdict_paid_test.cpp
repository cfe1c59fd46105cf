// Verdicts: what may be paid for is not sent again, whatever else is said.

#include <gmock/gmock.h>

#include "core/replies.hpp"

namespace reeld {
namespace {

using enum Verdict;
using ::testing::HasSubstr;

VerdictRule make_rule(Verdict verdict) {
  VerdictRule rule;
  rule.verdict = verdict;
  return rule;
}

TEST(Verdict, ARuleSendsNothingAgainThatMayBePaidFor) {
  const std::vector<VerdictRule> rules{make_rule(throttled), make_rule(refused)};
  EXPECT_EQ(judge_reply(make_created("failed"), true, rules), refused);
  ApiReply damaged = make_reply(200);
  damaged.json = damaged.json_object = damaged.has_unreadable_id = true;
  EXPECT_EQ(judge_reply(damaged, true, {make_rule(account)}), doubt);
  ApiReply failed = make_created("failed");
  failed.status = 422;
  EXPECT_EQ(judge_reply(failed, true, {make_rule(throttled)}), refused);
  EXPECT_EQ(judge_reply(make_error(422, "x"), true, {make_rule(throttled)}), throttled);
}

TEST(Verdict, A4xxWithAJobThatHasFailedIsACreatedOne) {
  ApiReply reply = make_created("failed");
  reply.status = 422;
  reply.real_error = reply.error_object = true;
  AttemptEnd end;
  end.committed = true;
  end.reply = reply;
  const Judgement judgement = judge(end, {});
  EXPECT_EQ(judgement.verdict, refused);
  EXPECT_EQ(judgement.about, About::pair_once) << "nothing is withdrawn";
  EXPECT_THAT(judgement.reason, HasSubstr("may be paid for again"));
  EXPECT_TRUE(is_created(reply));
  reply.status_word = "";
  EXPECT_FALSE(is_created(reply)) << "an error's own id";
}

/// JSend and its kin: {"status":"error","id":"unauthorized"}.
TEST(Verdict, AnEnvelopesIdIsNoJobs) {
  for (const auto& [status, verdict] :
       {std::pair{401, account}, {402, account}, {403, account}, {407, account}, {429, throttled}}) {
    for (const char* const word : {"error", "failed"}) {
      ApiReply reply = make_error(status, "x");
      reply.id = "unauthorized";
      reply.status_word = word;
      EXPECT_EQ(judge_reply(reply), verdict) << status << word;
      EXPECT_FALSE(is_created(reply)) << status << word;
    }
  }
  ApiReply envelope = make_error(400, "x");
  envelope.id = "bad_request";
  envelope.status_word = "error";
  EXPECT_FALSE(is_created(envelope));
}

TEST(Verdict, AJobMayBeNamedByAnyRefusalThatIsNotAboutKeyPathOrRate) {
  for (const int status : {400, 406, 409, 422, 424, 451}) {
    ApiReply reply = make_created("failed");
    reply.status = status;
    EXPECT_TRUE(is_created(reply)) << status;
    EXPECT_EQ(judge_reply(reply), refused) << status;
  }
}

TEST(Verdict, AProxysRefusalNamesNoJob) {
  AttemptEnd end;
  end.proxy_reply = true;
  end.reply = make_created("failed");
  end.reply->status = 422;
  EXPECT_NE(judge(end, {}).about, About::pair_once);
}

ApiReply make_named(int status) {
  ApiReply reply = make_created("queued");
  reply.status = status;
  return reply;
}

ApiReply make_redirect_to_result() {
  ApiReply reply = make_reply(303);
  reply.is_result_elsewhere = true;
  return reply;
}

ApiReply make_failure_that_shows_an_id() {
  ApiReply reply = make_error(200, "", "the upstream is saturated");
  reply.shows_id = reply.shows_job_id = true;
  return reply;
}

/// Its error file has the id, and no wall withdraws it.
TEST(Verdict, ARuleThatRefusesWhatNamesAJobIsAboutThatPairAlone) {
  AttemptEnd end;
  end.committed = true;
  end.reply = make_named(409);
  const Judgement judgement = judge(end, {make_rule(refused)});
  EXPECT_EQ(judgement.verdict, refused);
  EXPECT_EQ(judgement.about, About::pair_alone);
  EXPECT_TRUE(has_named_job(*end.reply));
}

TEST(Verdict, BusyWordsSendNothingAgainWhereAnIdIsShown) {
  EXPECT_EQ(judge_reply(make_failure_that_shows_an_id()), doubt);
  EXPECT_EQ(judge_reply(make_failure_that_shows_an_id(), true, {make_rule(throttled)}), doubt);
  ApiReply no_credit = make_error(200, "insufficient_quota");
  EXPECT_EQ(judge_reply(no_credit), account);
  no_credit.shows_id = true;
  EXPECT_EQ(judge_reply(no_credit), account) << "the id may be the user's";
  no_credit.shows_job_id = true;
  EXPECT_EQ(judge_reply(no_credit), doubt);
}

/// The upload is never stopped by what will stop it the next time.
TEST(Verdict, BeforeTheBoundaryARedirectIsTheAccountsAndANamedJobInDoubt) {
  EXPECT_EQ(judge_reply(make_redirect_to_result(), false), account);
  EXPECT_EQ(judge_reply(make_named(409), false), doubt);
  EXPECT_EQ(judge_reply(make_named(503), false), doubt);
  EXPECT_EQ(judge_reply(make_error(503, "x"), false), unsent);
  EXPECT_EQ(judge_reply(make_redirect_to_result()), doubt);
}

TEST(Verdict, ARuleLeavesNoErrorFileWithoutItsId) {
  EXPECT_EQ(judge_reply(make_redirect_to_result(), true, {make_rule(refused)}), doubt);
  EXPECT_EQ(judge_reply(make_failure_that_shows_an_id(), true, {make_rule(refused)}), doubt);

  ApiReply damaged = make_reply(200);
  damaged.json = damaged.json_object = damaged.has_unreadable_id = true;
  EXPECT_EQ(judge_reply(damaged, true, {make_rule(refused)}), doubt) << "removing it would buy another";
}

TEST(Verdict, BusyWordsBesideNoErrorSendNothingAgain) {
  ApiReply queued = make_reply(200);
  queued.json = queued.json_object = true;
  queued.texts = {"the provider is saturated, your job is queued"};
  EXPECT_EQ(judge_reply(queued), doubt);
  queued.error_object = true;
  EXPECT_EQ(judge_reply(queued), throttled);
  queued.error_object = false;
  queued.status_word = "failed";
  EXPECT_EQ(judge_reply(queued), throttled);
}

TEST(Verdict, AUsedUpQuotaIsTheAccountsButNotWhereALimitByTheMinuteSaysSo) {
  const char* const words = "You exceeded your current quota, please check your plan";
  EXPECT_EQ(judge_reply(make_error(400, "x", words)), account);
  EXPECT_EQ(judge_reply(make_error(429, "x", words)), throttled);
  EXPECT_EQ(judge_reply(make_error(401, "x", "该令牌额度已用尽")), account);
}

TEST(Verdict, WhatThePairItselfSaysPausesNobody) {
  AttemptEnd end;
  end.committed = end.has_accepted = true;
  end.reply = make_error(400, "x", "bad prompt: 余额不足, says the beggar");
  EXPECT_EQ(judge(end, {}).verdict, account);
  end.sent = "余额不足, says the beggar";
  EXPECT_EQ(judge(end, {}).verdict, refused);
}

}  // namespace
}  // namespace reeld
