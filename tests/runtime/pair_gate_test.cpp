#include "runtime/pair_gate.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "runtime/ledger_fixture.hpp"
#include "runtime/pair_folder.hpp"

namespace reeld {
namespace {

class PairGateTest : public PairFolder {
 protected:
  std::optional<std::string> pass() {
    PairGate gate(intent_, snapshot_, state_, ledger_.link, end_);
    gate.prepare();
    std::optional<std::string> out{"never ran"};
    boost::asio::co_spawn(ledger_.loop, gate.pass(),
                          [&](std::exception_ptr, std::optional<std::string> answer) {
                            out = answer;
                            awaiting_within_ = state_.awaiting;
                          });
    ledger_.run();
    return out;
  }

  IntentRecord make_intent() {
    IntentRecord out;
    out.token = ledger_.link.make_token();
    out.job = pair_.job;
    out.prompt_name = pair_.prompt_name;
    out.image_name = pair_.image_name;
    out.pair = pair_.identity;
    return out;
  }

  Snapshot snap(const ReadyPair& pair) {
    auto result = take_snapshot(fd_.get(), pair, {}, {}, "input_reference");
    return std::move(std::get<Snapshot>(result));
  }

  ReadyPair pair_ = make_pair("a", "scene", "hello");
  Snapshot snapshot_ = snap(pair_);
  LedgerFixture ledger_;
  IntentRecord intent_ = make_intent();
  CommitState state_;
  GateEnd end_;
  std::size_t awaiting_within_ = 0;
};

TEST_F(PairGateTest, LetsUnchangedFilesPassOnceTheIntentIsDurableAndCountsTheAnswerThatIsDue) {
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_EQ(awaiting_within_, 1U);
  EXPECT_EQ(state_.awaiting, 0U);
  EXPECT_TRUE(end_.has_intent);
  EXPECT_TRUE(end_.has_passed);
  LedgerStore after(ledger_.path());
  EXPECT_EQ(after.reader().list_open(), std::vector{end_.job});
}

TEST_F(PairGateTest, StopsWhenAFileWasWrittenInPlace) {
  write("a/scene.png", test::make_png(640, 480, 6000));
  EXPECT_EQ(pass(), "scene.png changed while it was sent");
  EXPECT_TRUE(end_.has_changed);
  EXPECT_TRUE(end_.has_intent) << "its end must be recorded";
  EXPECT_FALSE(end_.has_passed);
  EXPECT_EQ(awaiting_within_, 0U);
}

TEST_F(PairGateTest, StopsWhenAFileWasReplacedByRename) {
  write("a/new", "hello");
  std::filesystem::rename(path_ / "a/new", path_ / "a/scene.txt");
  EXPECT_EQ(pass(), "scene.txt changed while it was sent");
}

TEST_F(PairGateTest, StopsWhenAFileWasTakenAway) {
  std::filesystem::remove(path_ / "a/scene.txt");
  EXPECT_TRUE(pass().has_value());
}

TEST_F(PairGateTest, AFolderThatWasRenamedMeanwhileIsStillTheSameFolder) {
  std::filesystem::rename(path_ / "a", path_ / "b");
  EXPECT_EQ(pass(), std::nullopt);
}

TEST_F(PairGateTest, NothingPassesOnceReeldStops) {
  state_.is_open = false;
  EXPECT_EQ(pass(), "reeld is stopping");
  EXPECT_FALSE(end_.has_changed);
}

TEST_F(PairGateTest, AnIntentThatWasRecordedBeforeTheUploadFailedIsKnownOf) {
  PairGate gate(intent_, snapshot_, state_, ledger_.link, end_);
  gate.prepare();
  boost::asio::co_spawn(ledger_.loop, gate.settle(), [](std::exception_ptr) {});
  ledger_.run();
  EXPECT_TRUE(end_.has_intent);
  EXPECT_FALSE(end_.has_passed);
}

TEST_F(PairGateTest, APairThatTheLedgerKnowsDoesNotPass) {
  EXPECT_EQ(pass(), std::nullopt);
  intent_ = make_intent();
  end_ = {};
  EXPECT_EQ(pass(), "the ledger knows this pair as intended");
  EXPECT_TRUE(end_.is_known);
  EXPECT_FALSE(end_.has_intent);
}

TEST_F(PairGateTest, NothingPassesWhileTheLedgerCannotBeWritten) {
  ledger_.break_it();
  EXPECT_THAT(*pass(), ::testing::HasSubstr("the ledger could not record the intent"));
  EXPECT_FALSE(end_.has_intent);
  EXPECT_FALSE(ledger_.link.is_well());
}

}  // namespace
}  // namespace reeld
