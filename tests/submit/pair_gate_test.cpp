#include "submit/pair_gate.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "submit/ledger_fixture.hpp"
#include "support/pair_folder.hpp"

namespace reeld {
namespace {

class PairGateTest : public PairFolder {
 protected:
  std::optional<std::string> pass() {
    read_image();
    PairGate gate = make_gate();
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

  PairGate make_gate() {
    return {pair_, intent_, snapshot_, image_, state_, ledger_.link, ledger_.workers, end_};
  }

  /// As the upload does.
  void read_image() {
    std::vector<std::byte> bytes(static_cast<std::size_t>(pair_.identity.image.size));
    boost::asio::co_spawn(ledger_.loop, image_.read(bytes), [](std::exception_ptr, std::size_t) {});
    ledger_.run();
  }

  IntentRecord make_intent() {
    IntentRecord out;
    out.token = ledger_.link.tokens().make();
    out.job = pair_.job;
    out.prompt_name = pair_.prompt_name;
    out.image_name = pair_.image_name;
    out.pair = pair_.identity;
    out.digests.prompt = snapshot_.prompt_digest;
    return out;
  }

  Snapshot snap(const ReadyPair& pair) {
    auto result =
        take_snapshot(fd_.get(), pair, {}, {}, "input_reference", ledger_.link.questions().digest_seed());
    return std::move(std::get<Snapshot>(result));
  }

  ReadyPair pair_ = make_pair("a", "scene", "hello");
  LedgerFixture ledger_;
  Snapshot snapshot_ = snap(pair_);
  FileImageSource image_{snapshot_.image_file.fd.get(), pair_.identity.image.size,
                         ledger_.link.questions().digest_seed(), ledger_.workers};
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

TEST_F(PairGateTest, StopsWhenAFileWasReplacedByOneOfOtherContentAndTheSameSize) {
  write("a/new", "HELLO");
  std::filesystem::rename(path_ / "a/new", path_ / "a/scene.txt");
  EXPECT_EQ(pass(), "scene.txt changed while it was sent");
}

TEST_F(PairGateTest, StopsWhenAnImageWasWrittenOverInPlaceWithItsSizeAndTimesKept) {
  read_image();
  const auto before = std::filesystem::last_write_time(path_ / "a/scene.png");
  std::string bytes = test::make_png(640, 480, 5000);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write("a/scene.png", bytes);
  std::filesystem::last_write_time(path_ / "a/scene.png", before);
  EXPECT_EQ(pass(), "scene.png changed while it was sent");
}

TEST_F(PairGateTest, ATouchChangesNothingAndTheLedgerLearnsOfIt) {
  std::filesystem::last_write_time(path_ / "a/scene.png", std::filesystem::file_time_type{});
  EXPECT_EQ(pass(), std::nullopt);
  ledger_.link.stop();
  ledger_.run();
  LedgerStore after(ledger_.path());
  EXPECT_EQ(after.reader().read(end_.job)->job.pair.image, identify_name("a/scene.png"));
}

TEST_F(PairGateTest, TheSameBytesThatCameAgainChangeNothing) {
  write("a/new", "hello");
  std::filesystem::rename(path_ / "a/new", path_ / "a/scene.txt");
  EXPECT_EQ(pass(), std::nullopt);
}

TEST_F(PairGateTest, TheIntentCarriesBothDigests) {
  EXPECT_EQ(pass(), std::nullopt);
  LedgerStore after(ledger_.path());
  const PairDigests digests = after.reader().read(end_.job)->job.digests;
  EXPECT_EQ(digests.prompt, snapshot_.prompt_digest);
  EXPECT_EQ(digests.image, image_.digest());
}

TEST_F(PairGateTest, AnEarlySuccessGetsTheDigestOfWhatWasNotReadYet) {
  PairGate gate = make_gate();
  boost::asio::co_spawn(ledger_.loop, gate.record_late(), [](std::exception_ptr) {});
  ledger_.run();
  ledger_.link.stop();
  ledger_.run();
  LedgerStore after(ledger_.path());
  const auto digest = digest_file(snapshot_.image_file.fd.get(), pair_.identity.image.size,
                                  ledger_.link.questions().digest_seed());
  EXPECT_EQ(after.reader().read(end_.job)->job.digests.image, digest);
}

TEST_F(PairGateTest, AnEarlySuccessOfAPairThatIsKnownIsAJobOfItsOwn) {
  EXPECT_EQ(pass(), std::nullopt);
  const std::int64_t sent = end_.job;
  intent_ = make_intent();
  end_ = {};
  read_image();
  PairGate gate = make_gate();
  gate.prepare();
  boost::asio::co_spawn(ledger_.loop, gate.settle(), [](std::exception_ptr) {});
  ledger_.run();
  ASSERT_TRUE(end_.is_known);
  boost::asio::co_spawn(ledger_.loop, gate.record_late(), [](std::exception_ptr) {});
  ledger_.run();
  EXPECT_TRUE(end_.has_intent);
  EXPECT_FALSE(end_.is_known);
  LedgerStore after(ledger_.path());
  EXPECT_EQ(after.reader().list_open(), (std::vector{sent, end_.job}));
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
  read_image();
  PairGate gate = make_gate();
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
  EXPECT_FALSE(ledger_.link.is_healthy());
}

}  // namespace
}  // namespace reeld
