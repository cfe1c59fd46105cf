#include "submit/dispatcher.hpp"

#include <gmock/gmock.h>

#include "net/scripted_server.hpp"
#include "submit/submit_fixture.hpp"
#include "support/images.hpp"
#include "support/run_until.hpp"

namespace reeld {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::size_t content_length(const std::string& head) {
  const std::string name = "Content-Length: ";
  return std::stoul(head.substr(head.find(name) + name.size()));
}

/// The request whole, then an answer.
test::Script answer_with(const std::string& status, const std::string& body) {
  return [=](test::Peer& peer) {
    const std::string head = peer.read_until("\r\n\r\n");
    peer.read(content_length(head));
    peer.send("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body);
  };
}

const test::Script accept = answer_with("200 OK", R"({"id":"video_1","status":"queued"})");

/// A dispatcher over a real ledger, a real folder and a server in this process; intake says nothing by
/// itself.
class DispatcherTest : public SubmitFixture {
 protected:
  ~DispatcherTest() override {
    if (!dispatcher_) return;
    dispatcher_->stop_sending();
    dispatcher_->abort_all();
    EXPECT_TRUE(test::run_until(ledger_.loop, [this] { return dispatcher_->is_idle(); }));
    intake_->stop();
    ledger_.run();
  }

  void start(std::vector<test::Script> scripts) {
    server_ = std::make_unique<test::ScriptedServer>(std::move(scripts), nullptr);
    Settings settings;
    settings.api.url = std::get<ApiUrl>(parse_api_url("http://127.0.0.1:" + std::to_string(server_->port())));
    settings.submit.lane.backoff_min = milliseconds(1);
    settings.submit.lane.backoff_max = milliseconds(1);
    auto made = make_api_context(ledger_.loop.get_executor(), std::move(settings), {"sk-test", {}, {}});
    ASSERT_TRUE(std::holds_alternative<std::shared_ptr<ApiContext>>(made)) << std::get<std::string>(made);
    const auto context = std::get<std::shared_ptr<ApiContext>>(made);
    dispatcher_ = std::make_unique<Dispatcher>(
        Dispatcher::Parts{ledger_.loop.get_executor(), ledger_.workers, ledger_.workers, ledger_.folder.fd(),
                          ledger_.log, ledger_.link, metrics_},
        context);
    intake_ = std::make_unique<Intake>(ledger_.loop.get_executor(), ledger_.workers, ledger_.folder.fd(),
                                       context->settings.spool, ledger_.log, *dispatcher_);
    ledger_.link.start([this] { dispatcher_->on_ledger_changed(); }, [] {});
    dispatcher_->start(*intake_, [] {});
    dispatcher_->on_all_found();
    dispatcher_->on_scan_done();
  }

  ReadyPair write_sendable(const std::string& stem) {
    ledger_.folder.write(stem + ".txt", "a prompt");
    ledger_.folder.write(stem + ".png", test::make_png(640, 480));
    return look_at_pair(stem);
  }

  bool wait_for_file(const std::string& name) {
    return test::run_until(ledger_.loop, [&] { return ledger_.folder.holds(name); });
  }
  /// Of the only job that there is.
  std::optional<KnownJob> find_job(const std::string& stem) {
    return LedgerStore(ledger_.path()).reader().find_at({"", stem});
  }

  Metrics metrics_;
  std::unique_ptr<test::ScriptedServer> server_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<Intake> intake_;
};

TEST_F(DispatcherTest, APairIsSentAndItsAnswerIsInTheFolderAndInTheLedger) {
  start({accept});
  dispatcher_->on_pair_ready(write_sendable("scene"));
  ASSERT_TRUE(wait_for_file("scene.job.json"));
  EXPECT_THAT(ledger_.folder.read("scene.job.json"), HasSubstr("video_1"));
  EXPECT_TRUE(test::run_until(ledger_.loop, [this] {
    const auto job = find_job("scene");
    return job && job->state == LedgerState::accepted && job->is_published;
  }));
  EXPECT_EQ(dispatcher_->counts().accepted, 1U);
  EXPECT_EQ(dispatcher_->counts().waiting, 0U);
  EXPECT_EQ(dispatcher_->setback(), "");
}

TEST_F(DispatcherTest, WhatIsHeldWaitsForTheWord) {
  start({accept});
  dispatcher_->set_held(true);
  dispatcher_->on_pair_ready(write_sendable("scene"));
  ASSERT_TRUE(test::run_until(ledger_.loop, [this] {
    return dispatcher_->scheduler().stage_of({"", "scene"}) == JobStage::waiting;
  }));
  EXPECT_EQ(dispatcher_->counts().in_flight, 0U);
  dispatcher_->set_held(false);
  EXPECT_TRUE(wait_for_file("scene.job.json"));
  EXPECT_THAT(ledger_.log.events, Contains("lane.held"));
  EXPECT_THAT(ledger_.log.events, Contains("lane.released"));
}

TEST_F(DispatcherTest, ARefusalIsToldInAnErrorFile) {
  start({answer_with("400 Bad Request", R"({"error":{"message":"no such size"}})")});
  dispatcher_->on_pair_ready(write_sendable("scene"));
  ASSERT_TRUE(wait_for_file("scene.error.json"));
  EXPECT_THAT(ledger_.folder.read("scene.error.json"), HasSubstr("no such size"));
  EXPECT_EQ(dispatcher_->counts().refused, 1U);
}

TEST_F(DispatcherTest, WhatNobodyAnswersIsInDoubtAndSaysSo) {
  start({[](test::Peer& peer) {
    const std::string head = peer.read_until("\r\n\r\n");
    peer.read(content_length(head));
    peer.reset();
  }});
  dispatcher_->on_pair_ready(write_sendable("scene"));
  ASSERT_TRUE(wait_for_file("scene.doubt.json"));
  EXPECT_EQ(find_job("scene")->state, LedgerState::doubt);
  EXPECT_EQ(dispatcher_->counts().doubt, 1U);
}

TEST_F(DispatcherTest, WhatEndsUnsentIsTriedAgainAndIsASetbackMeanwhile) {
  start({[](test::Peer& peer) {
           peer.read_until("\r\n\r\n");
           peer.reset();
         },
         accept});
  ledger_.folder.write("scene.txt", "a prompt");
  ledger_.folder.write("scene.png", test::make_png(640, 480, 32U << 20U));  // so that it is still being sent
  std::string setback;
  dispatcher_->on_pair_ready(look_at_pair("scene"));
  ASSERT_TRUE(test::run_until(ledger_.loop, [&] {
    if (setback.empty()) setback = dispatcher_->setback();
    return ledger_.folder.holds("scene.job.json");
  }));
  EXPECT_NE(setback, "");
  EXPECT_EQ(dispatcher_->setback(), "");
}

TEST_F(DispatcherTest, ABadPairGetsItsErrorFileAndIsNotSent) {
  start({});
  write_sendable("scene");
  dispatcher_->on_pair_bad({"", "scene"}, "scene.png: stays cut");
  ASSERT_TRUE(wait_for_file("scene.error.json"));
  EXPECT_THAT(ledger_.folder.read("scene.error.json"), HasSubstr("stays cut"));
  EXPECT_FALSE(find_job("scene"));
}

TEST_F(DispatcherTest, OnceStoppedNothingStarts) {
  start({});
  dispatcher_->stop_sending();
  dispatcher_->on_pair_ready(write_sendable("scene"));
  EXPECT_TRUE(test::run_until(ledger_.loop, [this] { return dispatcher_->is_idle(); }));
  EXPECT_EQ(dispatcher_->counts().in_flight, 0U);
  EXPECT_EQ(dispatcher_->counts().waiting, 1U);
  EXPECT_THAT(ledger_.log.events, Not(Contains("attempt.started")));
}

TEST_F(DispatcherTest, APairThatIsGoneBeforeItsTurnIsForgotten) {
  start({});
  dispatcher_->set_held(true);
  dispatcher_->on_pair_ready(write_sendable("scene"));
  dispatcher_->on_pair_gone({"", "scene"});
  EXPECT_TRUE(test::run_until(ledger_.loop, [this] { return dispatcher_->is_idle(); }));
  EXPECT_EQ(dispatcher_->counts().waiting, 0U);
  EXPECT_FALSE(dispatcher_->scheduler().contains({"", "scene"}));
}

TEST_F(DispatcherTest, WhileTheLedgerCannotBeWrittenNothingIsSent) {
  start({});
  ledger_.break_it();
  dispatcher_->on_pair_ready(write_sendable("scene"));
  ASSERT_TRUE(test::run_until(ledger_.loop, [this] { return !ledger_.link.is_healthy(); }));
  EXPECT_TRUE(test::run_until(ledger_.loop, [this] { return dispatcher_->counts().in_flight == 0; }));
  EXPECT_EQ(dispatcher_->counts().accepted, 0U);
  EXPECT_EQ(dispatcher_->counts().waiting, 1U);
}

}  // namespace
}  // namespace reeld
