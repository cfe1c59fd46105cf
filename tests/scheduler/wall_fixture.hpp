#pragma once
// What the tests of the scheduler's walls share.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "scheduler/job_scheduler.hpp"

namespace reeld {

using namespace std::chrono_literals;

/// A scheduler whose actions succeed at once, and answers to order.
class JobSchedulerWallTest : public ::testing::Test {
 protected:
  void make_ready(const std::string& stem, const std::string& folder = "a", std::uint64_t image_size = 20) {
    const std::uint64_t inode = 10 * ++files_;
    ReadyPair pair;
    pair.job = {folder, stem};
    pair.identity = {{1, inode, 10, 100}, {1, inode + 1, image_size, 200}};
    pair.age_ns = static_cast<std::int64_t>(inode);
    pairs_[stem] = pair;
    scheduler_.on_ready(pair, now_);
    scheduler_.on_looked_up(pair, nullptr, 0ms, now_);
  }

  /// What is done, in words. Where a pair is to be chosen, that one is.
  std::vector<std::string> act(const std::string& chosen = "") {
    std::vector<std::string> out;
    scheduler_.pump(now_);
    for (auto actions = scheduler_.take_actions(); !actions.empty(); actions = scheduler_.take_actions()) {
      for (const Action& action : actions) note(action, chosen, out);
      scheduler_.pump(now_);
    }
    return out;
  }

  void note(const Action& action, const std::string& chosen, std::vector<std::string>& out) {
    const std::string& stem = action.pair.job.stem;
    switch (action.kind) {
      case Action::Kind::start:
        tickets_[stem] = action.ticket;
        has_accepted_ = action.has_accepted;
        out.push_back("start " + stem);
        return;
      case Action::Kind::choose:
        candidates_.clear();
        for (const ReadyPair& pair : action.candidates) candidates_.push_back(pair.job.stem);
        unlike_ = action.unlike;
        return scheduler_.on_chosen(pairs_.at(chosen.empty() ? candidates_.front() : chosen).job, now_);
      case Action::Kind::record:
        out.push_back("record " + stem + " " + std::string(word_of(action.verdict)));
        return scheduler_.on_recorded(action.pair.job, now_);
      case Action::Kind::publish:
        out.push_back("publish " + stem + " " + std::string(word_of(action.verdict)));
        return scheduler_.on_published(action.pair.job);
      case Action::Kind::withdraw:
        out.push_back("withdraw " + stem);
        return;
      default:
        return;
    }
  }

  LaneTransition end(const std::string& stem, Verdict verdict, About about = About::all,
                     const std::string& likeness = "") {
    AttemptOutcome outcome;
    outcome.kind = AttemptOutcome::Kind::judged;
    outcome.verdict = verdict;
    outcome.has_intent = true;
    outcome.about = about;
    outcome.likeness = likeness;
    outcome.fields = "fields of " + stem;
    return scheduler_.on_ended(pairs_.at(stem).job, tickets_.at(stem), outcome, now_, 0.0);
  }
  LaneTransition end_with_page(const std::string& stem) {
    return end(stem, Verdict::account, About::either, "404");
  }
  LaneTransition end_refused(const std::string& stem, const std::string& why = "400 no") {
    return end(stem, Verdict::refused, About::pair, why);
  }
  std::size_t count(WaitReason reason) const {
    WaitCounts counts{};
    scheduler_.count_waiting(counts, now_);
    return count_of(counts, reason);
  }
  JobStage stage(const std::string& stem) const { return scheduler_.stage_of(pairs_.at(stem).job); }

  JobScheduler scheduler_{LaneLimits{}, SchedulerRules{}};
  SteadyTime now_{1000s};
  std::uint64_t files_ = 0;
  std::map<std::string, ReadyPair> pairs_;
  std::map<std::string, std::uint64_t> tickets_;
  std::vector<std::string> candidates_;
  Unlike unlike_;
  bool has_accepted_ = false;
};

}  // namespace reeld
