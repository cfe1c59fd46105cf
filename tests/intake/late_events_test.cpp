// Events that come when a look has seen already what they tell.

#include <gmock/gmock.h>

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

}  // namespace
}  // namespace reeld
