#pragma once
// A scheduler, what it wants done in words, and the answers to that.

#include <gmock/gmock.h>

#include "scheduler/job_scheduler.hpp"

namespace reeld {

using namespace std::chrono_literals;
using Kind = AttemptOutcome::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class JobSchedulerTest : public ::testing::Test {
 protected:
  static ReadyPair make_pair(const std::string& stem, std::uint64_t inode) {
    ReadyPair pair;
    pair.job = {"a", stem};
    pair.prompt_name = stem + ".txt";
    pair.image_name = stem + ".png";
    pair.identity = {{1, inode, 10, 100}, {1, inode + 1, 20, 200}};
    pair.age_ns = static_cast<std::int64_t>(inode);
    return pair;
  }

  static KnownJob make_known(const ReadyPair& pair, LedgerState state) {
    KnownJob known;
    known.id = 7;
    known.name = pair.job;
    known.pair = pair.identity;
    known.state = state;
    return known;
  }

  /// What the scheduler wants done, in words: "start a/s".
  std::vector<std::string> actions() {
    static constexpr const char* words[] = {"look_up",     "start",     "record",    "publish",
                                            "move_result", "say_known", "choose",    "withdraw",
                                            "say_busy",    "forget",    "look_again"};
    scheduler_.pump(now_);
    std::vector<std::string> out;
    for (Action& action : scheduler_.take_actions()) {
      std::string text = std::string(words[static_cast<int>(action.kind)]) + " " + action.pair.job.stem;
      if (action.kind == Action::Kind::publish) text += " " + std::string(word_of(action.verdict));
      if (action.is_repeat && action.kind == Action::Kind::start) text += " again";
      if (action.kind == Action::Kind::start) ticket_ = action.ticket;
      out.push_back(std::move(text));
    }
    return out;
  }

  static std::shared_ptr<const Recognition> recognize_as(const ReadyPair& pair, const KnownJob& known) {
    Recognition out;
    out.match = known.name == pair.job ? PairMatch::same : PairMatch::moved;
    out.disposition = disposition(known, out.match);
    out.known = known;
    return std::make_shared<const Recognition>(std::move(out));
  }

  void look_up(const ReadyPair& pair, const std::optional<KnownJob>& known, milliseconds repeat_in = 0ms) {
    scheduler_.on_looked_up(pair, known ? recognize_as(pair, *known) : nullptr, repeat_in, now_);
  }

  void make_ready(const ReadyPair& pair, const std::optional<KnownJob>& known = std::nullopt) {
    scheduler_.on_ready(pair, now_);
    look_up(pair, known);
  }

  void end(const ReadyPair& pair, Verdict verdict, bool has_intent = true, Kind kind = Kind::judged) {
    AttemptOutcome outcome;
    outcome.kind = kind;
    outcome.verdict = verdict;
    outcome.has_intent = has_intent;
    outcome.has_sent_body = sends_body_;
    scheduler_.on_ended(pair.job, ticket_, outcome, now_, 0.0);
    if (has_intent) scheduler_.on_recorded(pair.job, now_);
  }

  /// Ready, asked about, started.
  void begin(const ReadyPair& pair) {
    make_ready(pair);
    EXPECT_THAT(actions(), ElementsAre("look_up " + pair.job.stem, "start " + pair.job.stem));
  }

  LaneLimits limits_;
  SchedulerRules rules_;
  JobScheduler scheduler_{limits_, rules_};
  SteadyTime now_{1000s};
  std::uint64_t ticket_ = 0;
  bool sends_body_ = true;
  const ReadyPair s_ = make_pair("s", 10);
};

}  // namespace reeld
