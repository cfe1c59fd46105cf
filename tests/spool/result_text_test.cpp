#include "spool/result_text.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

JobRecord make_record(LedgerState state) {
  JobRecord record;
  record.job.name = {"projectA", "scene1"};
  record.job.state = state;
  record.attempts = 2;
  record.intent.at = SystemTime{} + 1s;
  record.intent.url = "https://api.example/v1/videos";
  record.intent.fields = R"({"model":"sora-2","seconds":"10"})";
  record.intent.prompt_start = "a cat";
  record.intent.idempotency_key = "key-1";
  record.end.at = SystemTime{} + 5s;
  record.end.reason = "no answer";
  record.end.image_sha256 = "abc";
  record.end.request_id = "req_1";
  record.end.answer = "{\"id\":\"video_1\"}\n\xff";
  return record;
}

TEST(Results, AnAcceptedAnswerIsItselfByteForByte) {
  const JobRecord record = make_record(LedgerState::accepted);
  const ResultText result = build_result(record);
  EXPECT_EQ(result.file, "scene1.job.json");
  EXPECT_EQ(result.text, record.end.answer);
}

TEST(Results, ADoubtSaysWhatIsNeededToLookTheJobUp) {
  const ResultText result = build_result(make_record(LedgerState::doubt));
  EXPECT_EQ(result.file, "scene1.doubt.json");
  for (const char* const part :
       {"\"verdict\": \"doubt\"", "1970-01-01T00:00:01.000Z", "1970-01-01T00:00:05.000Z",
        "\"model\": \"sora-2\"", "\"seconds\": \"10\"", "\"a cat\"", "\"abc\"", "\"req_1\"",
        "\"projectA/scene1\"", "\"key-1\"", "https://api.example/v1/videos"})
    EXPECT_THAT(result.text, HasSubstr(part));
}

TEST(Results, ADoubtKeepsAnAnswerThatCannotBeReadAndTheIdThatWasSeenInIt) {
  JobRecord record = make_record(LedgerState::doubt);
  record.end.answer = "\x0B\x02\x80";
  record.end.headers = R"({"content-encoding":"br","server":"x"})";
  record.end.api_id = "video_9";
  record.ids_before = {"video_8"};
  const ResultText result = build_result(record);
  for (const char* const part : {R"("api": "CwKA")", R"("api_encoding": "base64")", R"("api_coding": "br")",
                                 R"("id_seen": "video_9")", R"("video_8")"})
    EXPECT_THAT(result.text, HasSubstr(part));
}

TEST(Results, AnErrorSaysHowOftenItWasTried) {
  EndRecord end;
  end.verdict = Verdict::refused;
  end.reason = "too large";
  end.http_status = 413;
  EXPECT_THAT(build_error_text(end, 3), HasSubstr("\"attempts\": 3"));
  EXPECT_THAT(build_error_text(end, 3), HasSubstr("\"http_status\": 413"));
  JobRecord record = make_record(LedgerState::refused);
  record.end = end;
  record.attempts = 3;
  EXPECT_EQ(build_result(record).file, "scene1.error.json");
  EXPECT_EQ(build_result(record).text, build_error_text(end, 3)) << "later, from the ledger, as at once";
}

}  // namespace
}  // namespace reeld
