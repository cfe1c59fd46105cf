// Events that come when a look has seen already what they tell.

#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <future>

#include "intake/engine.hpp"
#include "intake/intake_world.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;

class IntakeOfLateEvents : public IntakeWorld {
 protected:
  IntakeOfLateEvents() {
    settings_.incomplete_after = std::chrono::hours(1);  // so that it is seen to wait for nothing
    write_pair("a");
    engine_ = std::make_shared<IntakeEngine>(loop_.get_executor(), workers_, folder_.fd(), settings_, log_,
                                             listener_, options_);
    engine_->start();
    EXPECT_TRUE(run_until([this] { return listener_.scans == 1; }));
  }
  ~IntakeOfLateEvents() override { engine_->stop(); }

  void tell(WatchFlag flag, const std::string& name) {
    static_cast<WatchListener&>(*engine_).on_watch_event("", {-1, static_cast<std::uint32_t>(flag), name});
  }

  std::shared_ptr<IntakeEngine> engine_;
};

TEST_F(IntakeOfLateEvents, AWriteThatWasSeenAlreadyMakesItReadyAnewAtOnce) {
  for (const char* const name : {"a.txt", "a.png"}) {
    for (const WatchFlag flag : {WatchFlag::created, WatchFlag::modified, WatchFlag::closed_after_write})
      tell(flag, name);
  }
  EXPECT_TRUE(run_until_ready(2));
  EXPECT_THAT(listener_.gone, ElementsAre("a"));
}

/// Without a watch: all that is known is what the test tells.
class IntakeOfToldEvents : public IntakeWorld {
 protected:
  IntakeOfToldEvents() {
    options_.polls = true;
    options_.silence = std::chrono::milliseconds(20);
    settings_.poll = settings_.incomplete_after = std::chrono::hours(1);
    engine_ = std::make_shared<IntakeEngine>(loop_.get_executor(), workers_, folder_.fd(), settings_, log_,
                                             listener_, options_);
    engine_->start();
    EXPECT_TRUE(run_until([this] { return listener_.scans == 1; }));
  }
  ~IntakeOfToldEvents() override { engine_->stop(); }

  void tell(WatchFlag flag, const std::string& name) {
    static_cast<WatchListener&>(*engine_).on_watch_event("", {-1, static_cast<std::uint32_t>(flag), name});
  }
  /// Until the one worker has done all that it was given.
  void wait_for_worker() {
    std::promise<void> done;
    boost::asio::post(workers_, [&done] { done.set_value(); });
    done.get_future().wait();
  }

  std::shared_ptr<IntakeEngine> engine_;
};

/// The look has read the folder before the link was there; that there is one is told before it reports.
TEST_F(IntakeOfToldEvents, AFileThatIsLinkedIntoPlaceDuringALookIsLookedFor) {
  std::promise<void> go;
  boost::asio::post(workers_, [may_go = go.get_future().share()] { may_go.wait(); });
  folder_.write("b.png", make_whole_png());
  tell(WatchFlag::moved_in, "b.png");
  loop_.poll();
  go.set_value();
  wait_for_worker();
  folder_.write("b.txt", "a prompt");
  tell(WatchFlag::created, "b.txt");
  EXPECT_TRUE(run_until_ready(1));
}

}  // namespace
}  // namespace reeld
