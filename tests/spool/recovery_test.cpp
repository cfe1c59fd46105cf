#include "spool/recovery.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <array>

#include "spool/result_place.hpp"
#include "support/pair_folder.hpp"
#include "sys/file_status.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const SystemTime noon = SystemTime{} + 1'000'000s;

class RecoveryTest : public PairFolder {
 protected:
  std::int64_t leave_open(const std::string& token, const ReadyPair& pair) {
    IntentRecord intent;
    intent.token = token;
    intent.job = pair.job;
    intent.prompt_name = pair.prompt_name;
    intent.image_name = pair.image_name;
    intent.pair = pair.identity;
    const UniqueFd folder(::open((path_ / "a").c_str(), O_RDONLY | O_DIRECTORY));
    intent.folder = identify_folder(folder.get());
    // Each test's pairs have contents of their own.
    intent.digests = {ContentDigest{1, pair.identity.prompt.inode},
                      ContentDigest{2, pair.identity.image.inode}};
    intent.at = noon - 1s;
    return store_.add_intent(intent).job;
  }
  Recovered start() { return recover(store_, fd_.get(), submit_, noon); }

  LedgerStore store_{":memory:"};
  SubmitSettings submit_;
};

TEST_F(RecoveryTest, AnOpenIntentBecomesADoubtThatIsOwed) {
  const std::int64_t job = leave_open("1-1", make_pair("a", "scene", "hello"));
  const Recovered recovered = start();
  EXPECT_EQ(recovered.doubts, 1U);
  EXPECT_THAT(recovered.unpublished, ElementsAre(job));
  EXPECT_THAT(recovered.billable, ElementsAre(noon - 1s));
  const auto record = store_.reader().read(job);
  EXPECT_EQ(record->job.state, LedgerState::doubt);
  EXPECT_EQ(record->end.image_sha256.size(), 64U);
  EXPECT_EQ(start().doubts, 0U) << "once";
}

TEST_F(RecoveryTest, AnAnswerThatTheFolderHasIsTaken) {
  const std::int64_t job = leave_open("1-1", make_pair("a", "scene", "hello"));
  write("a/scene.job.json", "{\"id\":\"video_1\",\"status\":\"queued\"}");
  EXPECT_EQ(start().doubts, 0U);
  const auto record = store_.reader().read(job);
  EXPECT_EQ(record->job.state, LedgerState::accepted);
  EXPECT_EQ(record->end.api_id, "video_1");
}

TEST_F(RecoveryTest, AnotherJobsAnswerAndNoAnswerAreNotTaken) {
  const std::int64_t first = leave_open("1-1", make_pair("a", "scene", "hello"));
  write("a/scene.job.json", "{\"id\":\"video_1\"}");
  start();
  ASSERT_EQ(store_.reader().read(first)->job.state, LedgerState::accepted);
  write("a/other.job.json", "{\"id\":\"video_1\"}");
  const std::int64_t other = leave_open("2-1", make_pair("a", "other", "hello"));
  write("a/third.job.json", "<html>");
  const std::int64_t third = leave_open("2-2", make_pair("a", "third", "hello"));
  EXPECT_EQ(start().doubts, 2U);
  EXPECT_EQ(store_.reader().read(other)->job.state, LedgerState::doubt);
  EXPECT_EQ(store_.reader().read(third)->job.state, LedgerState::doubt);
}

TEST_F(RecoveryTest, ARefusalThatTheFolderHasIsTakenUnlessTheFilesAreOthers) {
  const std::int64_t job = leave_open("1-1", make_pair("a", "scene", "hello"));
  write("a/scene.error.json", "{}");
  const std::int64_t other = leave_open("1-2", make_pair("a", "other", "hello"));
  write("a/other.error.json", "{}");
  write("a/other.txt", "replaced since");
  EXPECT_EQ(start().doubts, 1U);
  EXPECT_EQ(store_.reader().read(job)->job.state, LedgerState::refused);
  EXPECT_TRUE(store_.reader().read(job)->job.is_published) << "removing that file runs it again";
  EXPECT_EQ(store_.reader().read(other)->job.state, LedgerState::doubt);
}

TEST_F(RecoveryTest, ARefusalThatNamesAJobIsKnownAsCreated) {
  const std::int64_t job = leave_open("1-1", make_pair("a", "scene", "hello"));
  write("a/scene.error.json", R"({"http_status":200,"id":"video_77"})");
  start();
  EXPECT_EQ(store_.reader().read(job)->job.state, LedgerState::refused);
  EXPECT_EQ(store_.reader().read(job)->job.created_id, "video_77");
}

TEST_F(RecoveryTest, AnErrorFileThatIsOlderThanTheAttemptSaysNothing) {
  const std::int64_t job = leave_open("1-1", make_pair("a", "scene", "hello"));
  write("a/scene.error.json", "{}");
  const std::array<timespec, 2> before{
      {{999'000, 0}, {999'000, 0}}};  // its removal was undone by a power cut
  ASSERT_EQ(::utimensat(fd_.get(), "a/scene.error.json", before.data(), 0), 0);
  const std::int64_t other = leave_open("1-2", make_pair("a", "other", "hello"));
  std::filesystem::create_directory(path_ / "a/other.error.json");
  EXPECT_EQ(start().doubts, 2U);
  EXPECT_EQ(store_.reader().read(job)->job.state, LedgerState::doubt);
  EXPECT_EQ(store_.reader().read(other)->job.state, LedgerState::doubt) << "a folder is no error file";
}

TEST_F(RecoveryTest, ARefusalWhoseErrorFileIsMissingIsStillToBeTold) {
  const std::int64_t job = leave_open("1-1", make_pair("a", "scene", "hello"));
  EndRecord end;
  end.token = "1-1";
  end.verdict = Verdict::refused;
  store_.end_attempt(end);
  start();
  EXPECT_FALSE(store_.reader().read(job)->job.is_published);
  write("a/scene.error.json", "{}");
  start();
  EXPECT_TRUE(store_.reader().read(job)->job.is_published);
}

TEST_F(RecoveryTest, ADoubtThatIsToBeRepeatedIsNotOwedYet) {
  submit_.scheduler.repeats_doubts = true;
  const std::int64_t job = leave_open("1-1", make_pair("a", "scene", "hello"));
  EXPECT_THAT(start().unpublished, IsEmpty());
  EXPECT_EQ(store_.reader().read(job)->job.repeat_at, noon + submit_.lane.doubt_pause);
}

TEST_F(RecoveryTest, ARepeatWhoseFilesHaveGoneIsHeldAndOwed) {
  submit_.scheduler.repeats_doubts = true;
  const std::int64_t job = leave_open("1-1", make_pair("a", "scene", "hello"));
  EXPECT_THAT(start().unpublished, IsEmpty());
  std::filesystem::remove(path_ / "a/scene.txt");
  EXPECT_THAT(start().unpublished, ElementsAre(job));
}

TEST_F(RecoveryTest, AHoldOutlivesReeld) {
  EXPECT_FALSE(start().is_held);
  store_.set_held(true);
  EXPECT_TRUE(start().is_held);
}

}  // namespace
}  // namespace reeld
