#pragma once
// Pairs that wait for a person's word (scheduler/masses), and what is to be said of them: at the end of the
// scan that found them, or, where they come one by one, when no more have come for two seconds.
//
// Pure. Threads: none of its own.

#include <set>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "scheduler/mass_news.hpp"
#include "scheduler/masses.hpp"

namespace reeld {

class HeldMasses {
 public:
  explicit HeldMasses(MassRules rules) : masses_(rules) {}
  void change_rules(MassRules rules) { masses_.change_rules(rules); }

  /// What the ledger, or a run before, has kept of it; before the first scan.
  void restore(MassState before) { masses_.restore(before); }
  /// Intake begins anew: what it finds is gathered as if for the first time.
  void begin_anew() { has_settled_ = has_found_all_ = false; }
  MassState state() const { return masses_.state(); }

  /// A scan has found a pair that it has not decided yet; and, all that scans have found is decided.
  void note_found() { has_found_all_ = false; }
  void note_all_found() { has_found_all_ = true; }
  /// The first scan is over, and all that it found is known.
  bool has_settled() const { return has_settled_; }

  /// Whether the pair waits; else it may go.
  bool must_wait(const Masses::Candidate& pair);
  void remove(const JobName& job) { masses_.remove(job); }
  void let_off(const JobName& job) { masses_.let_off(job); }
  /// It is done with: should it come back, it is judged anew.
  void forget_release(const JobName& job) { released_.erase(job); }
  /// Once the ledger has answered for all that was found, which tells what is new: those that may go.
  std::vector<JobName> settle();
  /// A person's word: those that may go. They are not held again.
  std::vector<JobName> release();
  /// Nothing waits for its turn any more: what was released is sent.
  void end_release() { masses_.end_release(); }

  bool is_duplicate(const JobName& job) const { return masses_.is_duplicate(job); }
  bool holds_duplicates() const { return masses_.holds_duplicates(); }
  std::size_t held_new() const { return masses_.held_new(); }
  std::size_t held_copies() const { return masses_.held_copies(); }

  /// Gathers what is to be said of those that came one by one.
  void note_arrivals(SteadyTime now);
  /// When that is due; nullopt: nothing is.
  std::optional<SteadyTime> news_due() const;
  MassNews take_news() { return std::exchange(news_, {}); }

 private:
  void note_held(const Masses::Decision& decision);

  Masses masses_;
  MassNews news_;
  std::set<JobName> released_;  // a person has said that they may go
  std::size_t told_late_ = 0;   // of what is held of arriving folders, and will be said at `late_due_`
  SteadyTime late_since_{};
  SteadyTime late_due_{};
  bool has_found_all_ = false;
  bool has_settled_ = false;
};

}  // namespace reeld
