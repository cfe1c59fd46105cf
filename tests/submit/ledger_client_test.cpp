#include "submit/ledger_client.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <future>

#include "submit/ledger_fixture.hpp"

namespace reeld {
namespace {

using ::testing::Contains;
using ::testing::Not;

class LedgerClientTest : public ::testing::Test {
 protected:
  std::string write(std::function<void(LedgerStore&)> run) {
    const auto write = ledger_.link.begin({std::move(run), nullptr});
    bool is_over = false;
    boost::asio::co_spawn(ledger_.loop, ledger_.link.wait(write),
                          [&](std::exception_ptr) { is_over = true; });
    ledger_.run();
    EXPECT_TRUE(is_over);
    EXPECT_TRUE(write->is_done);
    return write->error;
  }

  LedgerFixture ledger_;
};

TEST_F(LedgerClientTest, AWriteIsAwaitedAndDurable) {
  EXPECT_EQ(write([](LedgerStore& store) { store.set_held(true); }), "");
  EXPECT_TRUE(LedgerStore(ledger_.path()).reader().is_held());
}

TEST_F(LedgerClientTest, WhatIsPostedIsWrittenWithoutAnybodyWaiting) {
  ledger_.link.post([](LedgerStore& store) { store.set_held(true); });
  ledger_.run();
  EXPECT_TRUE(LedgerStore(ledger_.path()).reader().is_held());
}

TEST_F(LedgerClientTest, AFailureIsSaidOnceAndWhatWasPostedIsWrittenWhenItIsOver) {
  int changes = 0;
  ledger_.link.start([&] { ++changes; }, [] {});
  auto is_broken = std::make_shared<bool>(true);
  ledger_.link.post([is_broken](LedgerStore& store) {
    if (std::exchange(*is_broken, false)) throw SqliteError("a disk that fails", 10);
    store.set_held(true);
  });
  ledger_.run();  // until it has been tried again
  EXPECT_TRUE(ledger_.link.is_healthy());
  EXPECT_EQ(changes, 2);
  EXPECT_THAT(ledger_.log.events, ::testing::ElementsAre("ledger.failed", "ledger.recovered"));
  EXPECT_TRUE(LedgerStore(ledger_.path()).reader().is_held());
}

TEST_F(LedgerClientTest, WhatCouldNotBeWrittenComesBeforeWhatIsBegunLater) {
  auto is_broken = std::make_shared<bool>(true);
  ledger_.link.post([is_broken](LedgerStore& store) {
    if (std::exchange(*is_broken, false)) throw SqliteError("a disk that fails", 10);
    store.set_held(true);
  });
  while (ledger_.link.is_healthy()) ledger_.loop.run_one();
  auto seen = std::make_shared<bool>(false);
  const auto later =
      ledger_.link.begin({[seen](LedgerStore& store) { *seen = store.reader().is_held(); }, nullptr});
  while (!later->is_done) ledger_.loop.run_one();
  EXPECT_TRUE(*seen);
  ledger_.run();
}

TEST_F(LedgerClientTest, AWriteThatFailsSaysWhy) {
  ledger_.link.stop();
  EXPECT_EQ(write([](LedgerStore&) { throw SqliteError("a disk that fails", 10); }), "a disk that fails");
  EXPECT_FALSE(ledger_.link.is_healthy());
}

TEST_F(LedgerClientTest, OneWaitsOnlyAWhileForAWriteThatHangs) {
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  const auto write = ledger_.link.begin_kept([opened](LedgerStore& store) {
    opened.wait();
    store.set_held(true);
  });
  std::optional<bool> is_written;
  boost::asio::co_spawn(ledger_.loop, ledger_.link.wait_a_while(write),
                        [&](std::exception_ptr, bool answer) { is_written = answer; });
  while (!is_written) ledger_.loop.run_one();
  EXPECT_EQ(is_written, false);
  gate.set_value();
  boost::asio::co_spawn(ledger_.loop, ledger_.link.wait(write), [](std::exception_ptr) {});
  ledger_.run();
  EXPECT_TRUE(write->is_done);
  EXPECT_EQ(write->error, "");
}

TEST_F(LedgerClientTest, AWriteThatIsQuickIsAwaitedToItsEnd) {
  const auto write = ledger_.link.begin_kept([](LedgerStore& store) { store.set_held(true); });
  std::optional<bool> is_written;
  boost::asio::co_spawn(ledger_.loop, ledger_.link.wait_a_while(write),
                        [&](std::exception_ptr, bool answer) { is_written = answer; });
  ledger_.run();
  EXPECT_EQ(is_written, true);
}

TEST_F(LedgerClientTest, WhatIsKeptIsWrittenAgainBeforeWhatWasPostedAfterIt) {
  auto order = std::make_shared<std::vector<int>>();
  auto is_broken = std::make_shared<bool>(true);
  const auto write = ledger_.link.begin_kept([is_broken, order](LedgerStore&) {
    if (std::exchange(*is_broken, false)) throw SqliteError("a disk that fails", 10);
    order->push_back(1);
  });
  ledger_.link.post([order](LedgerStore&) { order->push_back(2); });
  ledger_.run();
  EXPECT_EQ(write->error, "a disk that fails");
  EXPECT_EQ(*order, (std::vector<int>{1, 2}));
}

TEST_F(LedgerClientTest, NothingIsReadWhileTheLogIsLost) {
  EXPECT_EQ(write([](LedgerStore& store) { store.set_held(true); }), "");
  std::filesystem::remove(ledger_.path() + "-wal");
  ledger_.link.post([](LedgerStore& store) { store.set_held(false); });
  ledger_.loop.restart();
  while (ledger_.link.is_healthy()) ledger_.loop.run_one();
  std::exception_ptr failure;
  const auto note = [&](std::exception_ptr thrown, bool) { failure = std::move(thrown); };
  boost::asio::co_spawn(ledger_.loop, ledger_.link.questions().read_held(), note);
  ledger_.loop.poll();
  EXPECT_TRUE(failure) << "its log is lost";
  ledger_.run();  // until it was begun anew
  EXPECT_TRUE(ledger_.link.is_healthy());
  failure = nullptr;
  boost::asio::co_spawn(ledger_.loop, ledger_.link.questions().read_held(), note);
  ledger_.run();
  EXPECT_FALSE(failure);
}

TEST_F(LedgerClientTest, NoTwoTokensAreTheSameNotEvenOverAStart) {
  const std::string token = ledger_.link.tokens().make();
  EXPECT_NE(token, ledger_.link.tokens().make());
  EXPECT_EQ(token, std::to_string(ledger_.link.marker().generation) + "-1");
}

TEST_F(LedgerClientTest, TellsSinceWhenAWriteIsUnderWay) {
  EXPECT_EQ(ledger_.link.oldest_write(), std::nullopt);
  const SteadyTime before = std::chrono::steady_clock::now();
  const auto first = ledger_.link.begin({[](LedgerStore& store) { store.set_held(true); }, nullptr});
  const auto begun = ledger_.link.oldest_write();
  ASSERT_TRUE(begun);
  EXPECT_GE(*begun, before);
  const auto second = ledger_.link.begin({[](LedgerStore& store) { store.set_held(false); }, nullptr});
  EXPECT_EQ(ledger_.link.oldest_write(), begun);
  ledger_.run();
  EXPECT_EQ(ledger_.link.oldest_write(), std::nullopt);
}

}  // namespace
}  // namespace reeld
