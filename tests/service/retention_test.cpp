#include "service/retention.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>

#include "ledger/ledger_store.hpp"
#include "submit/ledger_fixture.hpp"

namespace reeld {
namespace {

std::uint64_t inode_of(const TempFolder& folder, const std::string& name) {
  struct ::stat status {};
  EXPECT_EQ(::stat((folder / name).c_str(), &status), 0);
  return status.st_ino;
}

TEST(Retention, AJobIsGoneWhenNeitherOfItsFilesIsAnywhere) {
  const TempFolder spool;
  spool.make_folder("a/b");
  spool.write("a/b/s.txt", "x");
  spool.write("t.png", "x");
  const std::uint64_t unknown = ~std::uint64_t{0};
  const auto make_job = [](std::int64_t id, std::uint64_t prompt, std::uint64_t image) {
    return FinishedJob{id, {"a/b", "gone" + std::to_string(id)}, "gone.txt", "gone.png", prompt, image};
  };
  FinishedJob restored = make_job(4, unknown - 4, unknown - 5);
  restored.prompt_name = "s.txt";
  const std::vector<FinishedJob> jobs{make_job(1, inode_of(spool, "a/b/s.txt"), unknown),
                                      make_job(2, unknown - 1, inode_of(spool, "t.png")),
                                      make_job(3, unknown - 2, unknown - 3), restored};
  EXPECT_THAT(find_missing(spool.fd(), jobs), ::testing::ElementsAre(3))
      << "the fourth has other inodes, and lies where it did";
}

TEST(Retention, NothingIsGoneWhereTheSpoolCannotBeRead) {
  EXPECT_THAT(find_missing(-1, {FinishedJob{}}), ::testing::IsEmpty());
}

/// A job that was accepted long ago, and published.
class RetentionRounds : public ::testing::Test {
 protected:
  RetentionRounds() {
    LedgerStore store(ledger_.path());
    IntentRecord intent;
    intent.token = "1-1";
    intent.job = {"", "scene"};
    intent.prompt_name = "scene.txt";
    intent.image_name = "scene.png";
    intent.pair = {{1, 10, 10, 100}, {1, 11, 20, 200}};
    intent.digests = {ContentDigest{1, 2}, ContentDigest{3, 4}};
    intent.fields = "{}";
    job_ = store.add_intent(intent).job;
    EndRecord end;
    end.token = intent.token;
    end.verdict = Verdict::accepted;
    end.http_status = 200;
    end.answer = "the answer";
    store.end_attempt(end);
    store.mark_published(job_);
    retention_.change_keep(std::chrono::hours(24));
  }
  ~RetentionRounds() override { retention_.stop(); }

  void take_round() {
    bool is_over = false;
    boost::asio::co_spawn(ledger_.loop, retention_.forget_once(), [&](std::exception_ptr fault) {
      EXPECT_FALSE(fault);
      is_over = true;
    });
    ledger_.run();
    EXPECT_TRUE(is_over);
  }
  std::optional<JobRecord> read() { return LedgerStore(ledger_.path()).reader().read(job_); }

  LedgerFixture ledger_;
  TaskGroup tasks_{ledger_.loop.get_executor(), [] {}};
  Retention retention_{ledger_.loop.get_executor(), ledger_.folder.fd(), ledger_.link, tasks_};
  std::int64_t job_ = 0;
};

TEST_F(RetentionRounds, WhatTwoInARowFindMissingIsForgottenAndStillKnown) {
  take_round();
  ASSERT_TRUE(read());
  EXPECT_EQ(read()->end.answer, "the answer") << "a folder may be away for a day";
  take_round();
  ASSERT_TRUE(read());
  EXPECT_EQ(read()->end.answer, "");
  EXPECT_TRUE(read()->job.digests.prompt && read()->job.digests.image)
      << "by its content it is known for good";
}

TEST_F(RetentionRounds, WhatWasThereBetweenThemIsKept) {
  take_round();
  ledger_.folder.write("scene.txt", "a prompt");
  take_round();
  std::filesystem::remove(ledger_.folder / "scene.txt");
  take_round();
  EXPECT_EQ(read()->end.answer, "the answer");
}

TEST_F(RetentionRounds, WhatIsYoungerThanKeepIsNotLookedAt) {
  retention_.change_keep(std::chrono::hours(24 * 365 * 200));
  take_round();
  take_round();
  EXPECT_EQ(read()->end.answer, "the answer");
}

}  // namespace
}  // namespace reeld
