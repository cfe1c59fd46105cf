// Whom a verdict may be about, and who has answered.

#include <gtest/gtest.h>

#include "core/replies.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

using enum Verdict;

ApiReply make_failed() {
  ApiReply reply = make_reply(200);
  reply.json = reply.json_object = true;
  reply.id = "video_1";
  reply.status_word = "failed";
  return reply;
}

ApiReply make_failed_by(const char* code) {
  ApiReply reply = make_failed();
  reply.codes = {code};
  return reply;
}

Judgement judge_whole(ApiReply reply, bool has_accepted = true) {
  AttemptEnd end;
  end.committed = true;
  end.has_accepted = has_accepted;
  end.reply = std::move(reply);
  return judge(end, {});
}

ApiReply make_page(int status, std::string front, std::string words) {
  ApiReply page = make_reply(status);
  page.front = std::move(front);
  page.page = std::move(words);
  return page;
}

TEST(VerdictAbout, BeforeAnythingWasAcceptedNoSuchPlaceMayBeTheUrl) {
  for (const int status : {404, 405}) {
    const Judgement before = judge_whole(make_error(status, "not_found"), false);
    EXPECT_EQ(before.verdict, account) << status;
    EXPECT_EQ(before.about, About::either);
    EXPECT_NE(before.reason.find("check [api] url"), std::string::npos);
    EXPECT_EQ(judge_whole(make_error(status, "not_found")).verdict, refused) << status;
  }
  EXPECT_EQ(judge_whole(make_error(410, "gone"), false).verdict, refused);
}

TEST(VerdictAbout, WhomAnAnswerMayBeAbout) {
  struct {
    const char* what;
    ApiReply reply;
    About about;
  } const rows[] = {
      {"a key", make_error(401, "invalid_api_key"), About::all},
      {"credit", make_reply(402), About::all},
      {"a redirect", make_reply(301), About::all},
      {"the region", make_error(403, "unsupported_country_region_territory"), About::all},
      {"a firewall", make_reply(403), About::either},
      {"403 that tells nothing of the key", make_error(403, "content_blocked"), About::either},
      {"403 about the key", make_error(403, "invalid_api_key"), About::all},
      {"403 about the key in words", make_error(403, "", "Incorrect API key provided"), About::all},
      {"403 of a gateway", make_error(403, "new_api_error"), About::all},
      {"the region in words", make_error(400, "", "User location is not supported for the API use."),
       About::all},
      {"a model that the key may not use", make_error(401, "", "key not allowed to access model"),
       About::either},
      {"the same of a gateway", make_error(403, "new_api_error", "该令牌无权访问模型 sora-2-pro"),
       About::either},
      {"an overdue account", make_error(403, "AccountOverdueError"), About::all},
      {"a front's 400", make_reply(400), About::either},
      {"a front's 404", make_reply(404), About::either},
      {"a front's 451", make_reply(451), About::either},
      {"a wrong URL in words", make_error(404, "", "Invalid URL"), About::either},
      {"a refusal", make_error(400, "invalid_value"), About::pair},
      {"too large", make_reply(413), About::pair},
      {"a check of the content", make_error(400, "content_policy_violation"), About::pair_alone},
      {"the same in words", make_error(400, "", "rejected by our Safety System"), About::pair},
      {"created and failed", make_failed(), About::pair_once},
      {"created, and failed by a check of the content", make_failed_by("content_policy_violation"),
       About::pair_alone},
      {"the same without a job", make_error(200, "content_policy_violation"), About::pair_alone},
      {"an error with a success", make_error(200, "oops"), About::pair_once},
  };
  for (const auto& row : rows) {
    const Judgement judgement = judge_whole(row.reply);
    EXPECT_EQ(judgement.about, row.about) << row.what;
    EXPECT_EQ(judgement.likeness.empty(), row.about == About::all || row.about == About::pair_alone)
        << row.what;
  }
}

TEST(VerdictAbout, OnlyWhatCostsNothingIsProvenWithAnotherPair) {
  VerdictRule rule;
  rule.verdict = refused;
  for (const int status : {200, 408, 500, 400}) {
    AttemptEnd end;
    end.committed = true;
    end.reply = make_error(status, "x");
    const Judgement judgement = judge(end, {rule});
    EXPECT_EQ(judgement.verdict, refused);
    EXPECT_EQ(judgement.about, status == 400 ? About::pair : About::pair_alone) << status;
    EXPECT_EQ(judgement.likeness.empty(), status != 400) << status;
  }
}

TEST(VerdictAbout, TheReasonNamesWhoAnsweredBeforeTheApi) {
  const Judgement judgement = judge_whole(make_page(403, "cloudflare, cf-ray 8f2c-FRA", "Just a moment..."));
  EXPECT_EQ(judgement.verdict, account);
  EXPECT_TRUE(
      judgement.reason.starts_with("a server before the API (cloudflare, cf-ray 8f2c-FRA) answered "
                                   "HTTP 403 \"Just a moment...\": a firewall"))
      << judgement.reason;
  ApiReply own = make_error(400, "x");
  own.front = "cloudflare";
  EXPECT_TRUE(judge_whole(own).reason.starts_with("the API answered")) << "it lets the API's own through";
}

TEST(VerdictAbout, A401OfAFrontMayBeItsOwn) {
  const Judgement judgement = judge_whole(make_page(401, "nginx", "401 Authorization Required"));
  EXPECT_EQ(judgement.verdict, account);
  EXPECT_NE(judgement.reason.find("a server in front of the API wants a password of its own"),
            std::string::npos);
  EXPECT_EQ(judge_whole(make_reply(401)).reason.find("password"), std::string::npos);
}

/// As an API answers that takes a request for one that it has had, or where something fails behind the job.
TEST(VerdictAbout, AnAnswerThatNamesAJobIsInDoubt) {
  for (const int status : {302, 303, 400, 401, 403, 409, 422, 425, 429, 500, 503}) {
    for (const char* const word : {"queued", "in_progress", "completed"}) {
      ApiReply reply = make_created(word);
      reply.status = status;
      EXPECT_EQ(judge_whole(reply).verdict, doubt) << status << word;
      reply.error_object = reply.real_error = true;
      EXPECT_EQ(judge_whole(reply).verdict, doubt) << status << word;
    }
  }
  ApiReply envelope = make_created("not_found");
  envelope.status = 400;
  EXPECT_EQ(judge_whole(envelope).verdict, account);
  ApiReply busy = make_created("failed");
  busy.real_error = busy.error_object = true;
  busy.codes = {"saturated"};
  for (const int status : {500, 503}) {
    busy.status = status;
    EXPECT_EQ(judge_whole(busy).verdict, doubt) << status;
  }
  ApiReply key = make_created("failed");
  key.status = 401;
  EXPECT_EQ(judge_whole(key).verdict, account) << "an envelope's word";
  VerdictRule again;
  again.verdict = throttled;
  AttemptEnd end;
  end.committed = true;
  end.reply = busy;
  EXPECT_EQ(judge(end, {again}).verdict, doubt) << "no rule has it sent again";
}

TEST(VerdictAbout, TheReasonTellsACertificateAndARegion) {
  const Judgement certificate =
      judge_whole(make_page(400, "nginx", "400 No required SSL certificate was sent"));
  EXPECT_EQ(certificate.verdict, account);
  EXPECT_EQ(certificate.about, About::all);
  EXPECT_NE(certificate.reason.find("client_cert_file"), std::string::npos);
  const Judgement region = judge_whole(make_error(403, "unsupported_country_region_territory"));
  EXPECT_NE(region.reason.find("country or region"), std::string::npos);
  EXPECT_EQ(region.reason.find("put a valid one"), std::string::npos);
}

}  // namespace
}  // namespace reeld
