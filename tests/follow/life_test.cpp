// Random lives of followed jobs, with crashes: no illegal step, no completed video lost, an end for each.
#include <gtest/gtest.h>

#include <random>

#include "follow/job.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;
using Event = FollowEvent::Kind;
using Action = FollowAction::Kind;

/// One job, the API that has it, the disk, and the ledger's row. Whatever happens is drawn from the seed;
/// after a while the world is kind, and everything works.
class Life {
 public:
  explicit Life(unsigned seed) : dice_(seed) {
    rules_.variants =
        draw(4) == 0 ? FollowVariants{} : FollowVariants{FollowVariant::video, FollowVariant::thumbnail};
    will_fail_ = draw(8) == 0;
    FollowEvent first{.kind = draw(10) == 0 && !will_fail_ ? Event::completed : Event::running};
    has_completed_ = first.kind == Event::completed;
    job_ = begin_following(first, rules_, now_, now_, jitter());
    row_ = job_;
  }

  void run() {
    for (steps_ = 0; steps_ < 4000 && !is_over(); ++steps_) {
      step();
      if (!is_kind() && draw(15) == 0) crash();
      if (is_over() && !is_kind() && draw(2) == 0) take_up_again();
      if (testing::Test::HasFatalFailure()) return;
    }
    check_end();
  }

 private:
  bool is_kind() const { return steps_ > 300; }
  bool is_over() const { return is_end(job_.stage); }
  unsigned draw(unsigned sides) { return static_cast<unsigned>(dice_() % sides); }
  double jitter() { return static_cast<double>(draw(1000)) / 1000; }

  void step() {
    now_ = std::max(now_ + milliseconds(draw(1000)), job_.due);
    switch (job_.stage) {
      case FollowStage::waiting:
      case FollowStage::relinking:
        return give({.kind = draw(20) == 0 ? Event::taken_up : Event::poll_turn});
      case FollowStage::polling:
        return give(draw_answer());
      case FollowStage::ready:
        return give({.kind = draw(20) == 0 ? Event::taken_up : Event::download_turn});
      case FollowStage::downloading:
        return give(draw_download());
      case FollowStage::placing:
        return give(
            {.kind = is_kind() ? Event::placed : pick({Event::placed, Event::unplaced, Event::unusable})});
      default:
        return;
    }
  }

  Event pick(std::initializer_list<Event> events) {
    return events.begin()[draw(static_cast<unsigned>(events.size()))];
  }

  FollowEvent draw_answer() {
    FollowEvent event;
    event.is_newer = draw(2) == 0;
    event.links = {static_cast<std::uint8_t>(draw(3)), static_cast<std::uint8_t>(draw(2)), 0};
    if (will_fail_ && (is_kind() || draw(10) == 0)) {
      event.kind = Event::failed;
    } else if (has_completed_ || (!will_fail_ && (is_kind() || draw(10) == 0))) {
      has_completed_ = true;
      event.kind = Event::completed;
    } else {
      event.kind = Event::running;
      event.progress = static_cast<std::uint8_t>(draw(101));
    }
    if (is_kind()) return event;
    // What stands between: at most two 404 in a row, as behind an API that is about to know it.
    if (draw(3) == 0) event.kind = pick({Event::unanswered, Event::postponed, Event::missing});
    missing_ = event.kind == Event::missing                                     ? missing_ + 1
               : event.kind == Event::running || event.kind == Event::completed ? 0
                                                                                : missing_;
    if (missing_ > 2) event.kind = Event::postponed;
    if (draw(5) == 0) event.wait = milliseconds(draw(100'000));
    return event;
  }

  FollowEvent draw_download() {
    if (is_kind()) return {.kind = Event::whole};
    FollowEvent event{.kind = pick({Event::whole, Event::cut, Event::cut, Event::gone, Event::postponed})};
    event.has_grown = event.kind == Event::cut && draw(2) == 0;
    return event;
  }

  /// `reeld follow PATH`, of one that has ended.
  void take_up_again() {
    missing_ = 0;
    give({.kind = Event::taken_up});
    if (!is_over()) placed_ = {};
  }

  void give(const FollowEvent& event) {
    const FollowStage before = job_.stage;
    const FollowActions actions = advance(job_, event, rules_, now_, jitter());
    ASSERT_TRUE(job_.stage == before || may_step(before, job_.stage))
        << word_of(before) << word_of(job_.stage);
    if (!job_.left.empty()) {
      ASSERT_LE(job_.source, job_.links[static_cast<std::size_t>(job_.left.first())]);
    }
    // A crash may come between any two actions: those behind it are lost, and so is what is in memory.
    for (const FollowAction& action : actions) {
      if (!is_kind() && draw(25) == 0) return crash();
      perform(action, event);
      if (testing::Test::HasFatalFailure()) return;
    }
  }

  void perform(const FollowAction& action, const FollowEvent& event) {
    switch (action.kind) {
      case Action::record:
        if (event.kind == Event::placed) {
          placed_.add(action.variant);
          ASSERT_TRUE(has_completed_);
        }
        row_ = job_;
        break;
      case Action::replace_answer:
        ASSERT_NE(event.kind, Event::missing);
        ASSERT_NE(event.kind, Event::unanswered);
        break;
      case Action::write_error:
        has_error_file_ = true;
        break;
      case Action::withdraw_error:
        has_error_file_ = false;
        break;
      case Action::discard:
      case Action::place:
      case Action::say:
        break;
    }
  }

  /// A start finds the row, and what it owes.
  void crash() {
    const bool was_end = is_end(row_.stage);
    job_ = row_;
    resume_following(job_, now_);
    row_ = job_;
    // A row that says how it has ended, and no file yet: the start writes it.
    if (was_end && job_.end != FollowEnd::none) has_error_file_ = true;
  }

  void check_end() {
    ASSERT_TRUE(is_over()) << word_of(job_.stage) << " after " << steps_ << " steps";
    if (job_.stage == FollowStage::done) {
      ASSERT_TRUE(has_completed_);
      ASSERT_FALSE(has_error_file_);
      ASSERT_TRUE(rules_.variants.empty() || placed_.has(FollowVariant::video))
          << "a completed video was lost";
      return;
    }
    ASSERT_TRUE(has_error_file_) << "an end without its video says so: " << word_of(job_.stage);
    // In these worlds the API always has the video: only eight rounds without a byte can end it so.
    if (job_.stage == FollowStage::undelivered) {
      ASSERT_EQ(job_.end, FollowEnd::unobtainable);
    }
    if (job_.stage == FollowStage::failed) {
      ASSERT_TRUE(will_fail_);
    }
  }

  std::mt19937 dice_;
  FollowRules rules_;
  SteadyTime now_{1h};
  FollowedJob job_;
  FollowedJob row_;
  FollowVariants placed_;
  int steps_ = 0;
  unsigned missing_ = 0;
  bool will_fail_ = false;
  bool has_completed_ = false;
  bool has_error_file_ = false;
};

TEST(FollowLife, NoVideoIsLostAndEachJobEnds) {
  for (unsigned seed = 1; seed <= 3'000; ++seed) {
    Life(seed).run();
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed;
  }
}

TEST(FollowLife, AnyEventInAnyStageIsALegalStepOrNone) {
  std::mt19937 dice(20261129);
  FollowRules rules;
  rules.variants = {FollowVariant::video, FollowVariant::spritesheet};
  FollowedJob job = begin_following({}, rules, SteadyTime(1h), SteadyTime(1h), 0.5);
  SteadyTime now{1h};
  for (int i = 0; i < 300'000; ++i) {
    now += milliseconds(dice() % 20'000);
    FollowEvent event{.kind = follow_events[dice() % follow_events.size()]};
    event.is_newer = dice() % 2 == 0;
    event.has_grown = dice() % 2 == 0;
    event.links = {static_cast<std::uint8_t>(dice() % 3), 0, static_cast<std::uint8_t>(dice() % 2)};
    const FollowStage before = job.stage;
    const auto actions = advance(job, event, rules, now, static_cast<double>(dice() % 1000) / 1000);
    ASSERT_TRUE(job.stage == before || may_step(before, job.stage))
        << word_of(before) << " " << word_of(job.stage);
    ASSERT_TRUE(!is_end(before) || event.kind == Event::taken_up || (job.stage == before && actions.empty()));
    ASSERT_EQ(job.stage == FollowStage::done, is_end(job.stage) && job.end == FollowEnd::none);
  }
}

}  // namespace
}  // namespace reeld
