#include "core/readiness.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using std::chrono::minutes;

const SteadyTime start{std::chrono::hours(1)};
const ReadinessRules readiness_rules{};

FileFacts make_file(Evidence evidence, Writers writers) {
  FileFacts file;
  file.evidence = evidence;
  file.writers = writers;
  file.size = 10;
  file.still_since = start;
  return file;
}
PairFacts make_pair_of(FileFacts prompt, FileFacts image, ImageCheck check = ImageCheck::complete) {
  PairFacts pair;
  pair.prompt = prompt;
  pair.image = image;
  pair.image_check = check;
  pair.image_reason = check == ImageCheck::complete ? "" : "no IEND";
  pair.waiting_since = start;
  return pair;
}
const FileFacts done = make_file(Evidence::arrived, Writers::none);

struct FileCase {
  const char* what;
  Evidence evidence;
  Writers writers;
  bool is_hard_linked;
  milliseconds still;
  ReadinessWord word;
};

class JudgeFile : public testing::TestWithParam<FileCase> {};

TEST_P(JudgeFile, AsPromptAndAsImage) {
  const auto& row = GetParam();
  auto file = make_file(row.evidence, row.writers);
  file.is_hard_linked = row.is_hard_linked;
  const auto now = start + row.still;
  const auto as_prompt = judge_readiness(make_pair_of(file, done), readiness_rules, now);
  const auto as_image = judge_readiness(make_pair_of(done, file), readiness_rules, now);
  EXPECT_EQ(as_prompt.word, row.word) << row.what;
  EXPECT_EQ(as_image.word, row.word) << row.what;
  EXPECT_EQ(as_prompt.look_again.has_value(), row.word != ReadinessWord::ready) << row.what;
  EXPECT_GT(as_prompt.look_again.value_or(SteadyTime::max()), now) << row.what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, JudgeFile,
    testing::Values(
        FileCase{"closed", Evidence::arrived, Writers::none, false, milliseconds(0), ReadinessWord::ready},
        FileCase{"closed, no lease", Evidence::arrived, Writers::unknown, false, milliseconds(0),
                 ReadinessWord::ready},
        FileCase{"renamed in while open", Evidence::arrived, Writers::some, false, milliseconds(0),
                 ReadinessWord::being_written},
        FileCase{"found", Evidence::found, Writers::none, false, milliseconds(0), ReadinessWord::ready},
        FileCase{"found, no lease", Evidence::found, Writers::unknown, false, milliseconds(499),
                 ReadinessWord::settling},
        FileCase{"found, settled", Evidence::found, Writers::unknown, false, milliseconds(500),
                 ReadinessWord::ready},
        FileCase{"found, open", Evidence::found, Writers::some, false, milliseconds(9'999),
                 ReadinessWord::being_written},
        FileCase{"found, open, silent", Evidence::found, Writers::some, false, milliseconds(10'000),
                 ReadinessWord::being_written},
        FileCase{"created", Evidence::created, Writers::none, false, milliseconds(0), ReadinessWord::ready},
        FileCase{"created, no lease", Evidence::created, Writers::unknown, false, milliseconds(9'999),
                 ReadinessWord::being_written},
        FileCase{"created, no lease, silent", Evidence::created, Writers::unknown, false,
                 milliseconds(10'000), ReadinessWord::ready},
        FileCase{"linked, no lease", Evidence::created, Writers::unknown, true, milliseconds(499),
                 ReadinessWord::settling},
        FileCase{"linked, settled", Evidence::created, Writers::unknown, true, milliseconds(500),
                 ReadinessWord::ready}));

TEST(JudgeReadiness, AsksAgainSoonAfterACloseThenLessAndLessOften) {
  auto image = make_file(Evidence::arrived, Writers::some);
  const auto now = start + seconds(1);
  EXPECT_EQ(judge_readiness(make_pair_of(done, image), readiness_rules, now).look_again,
            now + milliseconds(1));
  image.looks = 4;
  EXPECT_EQ(judge_readiness(make_pair_of(done, image), readiness_rules, now).look_again,
            now + milliseconds(16));
  image.looks = 4'000'000'000;
  EXPECT_EQ(judge_readiness(make_pair_of(done, image), readiness_rules, now).look_again,
            now + milliseconds(1000));
  image = make_file(Evidence::created, Writers::some);
  EXPECT_EQ(judge_readiness(make_pair_of(done, image), readiness_rules, now).look_again,
            now + milliseconds(64));
}

TEST(JudgeReadiness, WaitsForACloseForAsLongAsItTakesAndSaysSo) {
  for (const bool is_told_by_lease : {false, true}) {
    auto open = make_file(Evidence::created, is_told_by_lease ? Writers::some : Writers::unknown);
    open.is_open = !is_told_by_lease;
    for (const auto& pair : {make_pair_of(open, done), make_pair_of(done, open)}) {
      const auto soon = judge_readiness(pair, readiness_rules, start + minutes(9));
      EXPECT_EQ(soon.word, ReadinessWord::being_written);
      EXPECT_EQ(soon.reason, "");
      EXPECT_LE(soon.look_again, start + minutes(10));
      const auto late = judge_readiness(pair, readiness_rules, start + minutes(10));
      EXPECT_EQ(late.word, ReadinessWord::being_written);
      EXPECT_NE(late.reason.find("has not closed it"), std::string::npos);
      EXPECT_EQ(late.look_again.has_value(), is_told_by_lease) << "an event says the rest";
      EXPECT_EQ(judge_readiness(pair, readiness_rules, start + minutes(10'000)).word,
                ReadinessWord::being_written);
    }
  }
}

TEST(JudgeReadiness, ALeaseKnowsBetterThanTheEvents) {
  auto closed = make_file(Evidence::created, Writers::none);
  closed.is_open = true;
  EXPECT_EQ(judge_readiness(make_pair_of(closed, done), readiness_rules, start).word, ReadinessWord::ready);
}

TEST(JudgeReadiness, AsksWhoHasASilentFileOpenLessOften) {
  auto image = make_file(Evidence::found, Writers::some);
  image.looks = 20;
  EXPECT_EQ(judge_readiness(make_pair_of(done, image), readiness_rules, start + seconds(9)).look_again,
            start + seconds(10));
  EXPECT_EQ(judge_readiness(make_pair_of(done, image), readiness_rules, start + seconds(10)).look_again,
            start + seconds(20));
}

TEST(JudgeReadiness, APromptThatIsOnlyLaidOutWaitsThenIsBad) {
  auto pair = make_pair_of(done, done);
  pair.unfinished_prompt = "zeros";
  const auto first = judge_readiness(pair, readiness_rules, start);
  EXPECT_EQ(first.word, ReadinessWord::cut);
  EXPECT_EQ(first.reason, "zeros");
  EXPECT_EQ(judge_readiness(pair, readiness_rules, start + minutes(10)).word, ReadinessWord::bad);
}

TEST(JudgeReadiness, WaitsForTheSlowerOfTwo) {
  auto prompt = make_file(Evidence::found, Writers::unknown);
  auto image = prompt;
  image.still_since = start + milliseconds(300);
  const auto both = judge_readiness(make_pair_of(prompt, image), readiness_rules, start + milliseconds(400));
  EXPECT_EQ(both.word, ReadinessWord::settling);
  EXPECT_EQ(both.look_again, start + milliseconds(800));
  image.evidence = Evidence::created;
  EXPECT_EQ(judge_readiness(make_pair_of(prompt, image), readiness_rules, start + milliseconds(400)).word,
            ReadinessWord::being_written);
}

TEST(JudgeReadiness, AnEmptyFileIsNotComplete) {
  auto empty = done;
  empty.size = 0;
  for (const auto& pair : {make_pair_of(empty, done), make_pair_of(done, empty, ImageCheck::truncated)}) {
    EXPECT_EQ(judge_readiness(pair, readiness_rules, start).word, ReadinessWord::being_written);
    const auto quiet = judge_readiness(pair, readiness_rules, start + seconds(10));
    EXPECT_EQ(quiet.word, ReadinessWord::cut);
    EXPECT_EQ(quiet.look_again, start + minutes(10));
    EXPECT_EQ(judge_readiness(pair, readiness_rules, start + minutes(10)).word, ReadinessWord::bad);
  }
}

TEST(JudgeReadiness, ATruncatedImageWaitsThenIsBad) {
  const auto pair = make_pair_of(done, done, ImageCheck::truncated);
  const auto first = judge_readiness(pair, readiness_rules, start);
  EXPECT_EQ(first.word, ReadinessWord::cut);
  EXPECT_EQ(first.reason, "no IEND");
  EXPECT_EQ(first.look_again, start + minutes(10));
  const auto last = judge_readiness(pair, readiness_rules, start + minutes(10));
  EXPECT_EQ(last.word, ReadinessWord::bad);
  EXPECT_EQ(last.reason, "no IEND");
}

TEST(JudgeReadiness, AnIllFormedImageIsBadAtOnceUnlessSomebodyWrites) {
  EXPECT_EQ(judge_readiness(make_pair_of(done, done, ImageCheck::ill_formed), readiness_rules, start).word,
            ReadinessWord::bad);
  const auto open = make_file(Evidence::found, Writers::some);
  EXPECT_EQ(judge_readiness(make_pair_of(done, open, ImageCheck::ill_formed), readiness_rules, start).word,
            ReadinessWord::being_written);
}

}  // namespace
}  // namespace reeld
