#include "submit/ledger_lookup.hpp"

#include <gmock/gmock.h>

#include "submit/pair_upkeep.hpp"
#include "submit/submit_fixture.hpp"

namespace reeld {
namespace {

using ::testing::ElementsAre;

class LedgerLookupTest : public SubmitFixture, private LookupListener {
 protected:
  void ask(const ReadyPair& pair) { lookup_.ask(pair); }

  /// A published pair that was renamed, and a copy of what it is now.
  std::pair<ReadyPair, ReadyPair> move_and_copy(const std::string& copy = "copy") {
    const ReadyPair sent = write_pair("sent");
    LedgerStore(ledger_.path()).mark_published(pending_.find_number(end(sent, Verdict::accepted)));
    for (const char* const ending : {".txt", ".png"})
      std::filesystem::rename(ledger_.folder / (std::string("sent") + ending),
                              ledger_.folder / (std::string("moved") + ending));
    return {look_at_pair("moved"), write_pair(copy)};
  }

  std::vector<std::string> said_;
  std::vector<std::shared_ptr<const Recognition>> recognitions_;

 private:
  void on_reading(const JobName& job) override { said_.push_back("reads " + job.text()); }
  void on_looked_up(const ReadyPair& pair, std::shared_ptr<const Recognition> recognition) override {
    said_.push_back((recognition && recognition->known ? "knows " : "does not know ") + pair.job.text());
    if (recognition && recognition->known) upkeep_.note_known(pair, *recognition);
    recognitions_.push_back(std::move(recognition));
  }
  void on_batch_looked_up() override { said_.emplace_back("now"); }

  PairUpkeep upkeep_{{ledger_.folder.fd(), ledger_.link, log_, rests_, tasks_, [] { return false; }}};
  LedgerLookup lookup_{ledger_.link, log_, rests_, tasks_, *this};
};

TEST_F(LedgerLookupTest, AsksForAllThatWaitAtOnce) {
  const ReadyPair known = write_pair("known");
  end(known, Verdict::accepted);
  ask(known);
  ask(write_pair("new", "something else"));
  ledger_.run();
  ASSERT_EQ(recognitions_.size(), 2U);
  EXPECT_EQ(said_.back(), "now");
  EXPECT_THAT(said_, ::testing::Contains("knows known"));
  EXPECT_THAT(said_, ::testing::Contains("does not know new"));
}

TEST_F(LedgerLookupTest, ReadsFilesWhereOnlyTheirContentTells) {
  const ReadyPair sent = write_pair("sent");
  end(sent, Verdict::accepted);
  for (const char* const name : {"sent.txt", "sent.png"}) std::filesystem::remove(ledger_.folder / name);
  ask(write_pair("sent"));  // the same contents, in other files
  ledger_.run();
  EXPECT_THAT(said_, ElementsAre("reads sent", "now", "knows sent", "now"));
}

TEST_F(LedgerLookupTest, ACopyOfWhatWasMovedAMomentAgoIsACopy) {
  const auto [moved, copy] = move_and_copy();
  ask(moved);
  ask(copy);
  ledger_.run();
  ASSERT_EQ(recognitions_.size(), 2U);
  EXPECT_THAT(said_, ::testing::IsSupersetOf({"knows moved", "does not know copy"}));
  EXPECT_EQ(recognitions_.back()->originals.size(), 1U);
}

TEST_F(LedgerLookupTest, SoIsACopyThatLiesWhereThatLayBefore) {
  const auto [moved, copy] = move_and_copy("sent");
  ask(moved);
  ask(copy);
  ledger_.run();
  EXPECT_THAT(said_, ::testing::IsSupersetOf({"knows moved", "does not know sent"}));
  EXPECT_EQ(recognitions_.back()->originals.size(), 1U);
}

TEST_F(LedgerLookupTest, NorDoesALedgerThatCannotBeWrittenMakeACopyOfItTheSame) {
  const auto [moved, copy] = move_and_copy();
  Database(ledger_.path(), Database::Access::read_write)
      .run("CREATE TRIGGER broken BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'broken'); END");
  ask(moved);
  ask(copy);
  while (events().empty()) ledger_.loop.run_one();
  EXPECT_THAT(events(), ElementsAre("ledger.failed"));
  EXPECT_EQ(recognitions_.size(), 1U) << "of the copy nothing can be said yet";
  Database(ledger_.path(), Database::Access::read_write).run("DROP TRIGGER broken");
  ledger_.run();
  EXPECT_THAT(said_, ::testing::IsSupersetOf({"knows moved", "does not know copy"}));
  EXPECT_THAT(events(), ElementsAre("ledger.failed", "ledger.recovered"));
}

TEST_F(LedgerLookupTest, AsksAgainUntilTheLedgerAnswers) {
  const ReadyPair pair = write_pair("scene");
  Database(ledger_.path(), Database::Access::read_write).run("ALTER TABLE jobs RENAME TO away");
  ask(pair);
  while (!log_.is_ledger_unreadable()) ledger_.loop.run_one();
  EXPECT_THAT(said_, ElementsAre());
  Database(ledger_.path(), Database::Access::read_write).run("ALTER TABLE away RENAME TO jobs");
  ledger_.run();
  EXPECT_THAT(said_, ElementsAre("does not know scene", "now"));
  EXPECT_THAT(events(), ElementsAre("ledger.failed", "ledger.recovered"));
}

TEST_F(LedgerLookupTest, AStopEndsThat) {
  Database(ledger_.path(), Database::Access::read_write).run("ALTER TABLE jobs RENAME TO away");
  ask(write_pair("scene"));
  while (!log_.is_ledger_unreadable()) ledger_.loop.run_one();
  rests_.stop();
  ledger_.run();
  EXPECT_THAT(said_, ElementsAre());
  EXPECT_EQ(tasks_.running(), 0U);
  Database(ledger_.path(), Database::Access::read_write).run("ALTER TABLE away RENAME TO jobs");
}

}  // namespace
}  // namespace reeld
