#include "runtime/pair_gate.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "runtime/pair_folder.hpp"

namespace reeld {
namespace {

class PairGateTest : public PairFolder {
 protected:
  std::optional<std::string> pass(PairGate& gate) {
    boost::asio::io_context loop;
    std::optional<std::string> out{"never ran"};
    boost::asio::co_spawn(loop, gate.pass(),
                          [&](std::exception_ptr, std::optional<std::string> answer) { out = answer; });
    loop.run();
    return out;
  }

  Snapshot snap(const ReadyPair& pair) {
    auto result = take_snapshot(fd_.get(), pair, {}, {}, "input_reference");
    return std::move(std::get<Snapshot>(result));
  }

  ReadyPair pair_ = make_pair("a", "scene", "hello");
  Snapshot snapshot_ = snap(pair_);
  CommitState state_;
};

TEST_F(PairGateTest, LetsUnchangedFilesPassAndCountsTheAnswerThatIsDue) {
  {
    PairGate gate(pair_, snapshot_, state_);
    EXPECT_EQ(pass(gate), std::nullopt);
    EXPECT_EQ(state_.awaiting, 1U);
  }
  EXPECT_EQ(state_.awaiting, 0U);
}

TEST_F(PairGateTest, StopsWhenAFileWasWrittenInPlace) {
  write("a/scene.png", test::make_png(640, 480, 6000));
  PairGate gate(pair_, snapshot_, state_);
  EXPECT_EQ(pass(gate), "scene.png changed while it was sent");
  EXPECT_TRUE(gate.has_pair_changed());
  EXPECT_EQ(state_.awaiting, 0U);
}

TEST_F(PairGateTest, StopsWhenAFileWasReplacedByRename) {
  write("a/new", "hello");
  std::filesystem::rename(path_ / "a/new", path_ / "a/scene.txt");
  PairGate gate(pair_, snapshot_, state_);
  EXPECT_EQ(pass(gate), "scene.txt changed while it was sent");
}

TEST_F(PairGateTest, StopsWhenAFileWasTakenAway) {
  std::filesystem::remove(path_ / "a/scene.txt");
  PairGate gate(pair_, snapshot_, state_);
  EXPECT_TRUE(pass(gate).has_value());
}

TEST_F(PairGateTest, AFolderThatWasRenamedMeanwhileIsStillTheSameFolder) {
  std::filesystem::rename(path_ / "a", path_ / "b");
  PairGate gate(pair_, snapshot_, state_);
  EXPECT_EQ(pass(gate), std::nullopt);
}

TEST_F(PairGateTest, NothingPassesOnceReeldStops) {
  state_.is_open = false;
  PairGate gate(pair_, snapshot_, state_);
  EXPECT_EQ(pass(gate), "reeld is stopping");
  EXPECT_FALSE(gate.has_pair_changed());
}

}  // namespace
}  // namespace reeld
