#pragma once
// Masses: which new pairs wait for a person's word, because one scan found too many of them, because too many
// came into one new folder, or because they are copies of pairs that were sent before. A folder of captioned
// pictures, a restored backup or a lost ledger must not buy thousands of videos.
//
// Pure. Threads: none of its own.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/job_name.hpp"
#include "core/scheduler_rules.hpp"

namespace reeld {

/// What the ledger keeps of it over a restart.
enum class MassState {
  none,
  held,      // some wait: those that the next scan finds do too, however few they are
  released,  // a person has said `release`, and not all of them were sent yet: the next scan is not asked
             // about
};

std::string_view word_of(MassState state);
/// Of any other word: none.
MassState read_mass_state(std::string_view word);

class Masses {
 public:
  explicit Masses(MassRules rules) : rules_(rules) {}
  void change_rules(MassRules rules) { rules_ = rules; }

  /// What was kept of the last run, or of what intake has begun anew.
  void restore(MassState before) {
    before_ = before;
    left_.clear();
    arrivals_.clear();
    unsaid_.clear();
    excess_.clear();
    excess_copies_.clear();
  }
  MassState state() const;

  /// A pair that nothing forbids to send.
  struct Candidate {
    JobName job;
    bool is_copy = false;        // of one that was sent, and still lies in its place
    bool is_found = false;       // by a scan that is not over
    std::uint64_t arriving = 0;  // the number of the folder it has come with; 0: with none
  };
  /// Whether it waits; else it may go.
  bool must_wait(const Candidate& pair);
  /// It is gone, or is judged anew. Should one that was held come back before it is released, it is held
  /// again: a mass that is copied over itself is still one.
  void remove(const JobName& job);
  /// What it was a copy of is gone: it is judged like one that comes for the first time.
  void let_off(const JobName& job) {
    remove(job);
    left_.erase(job);
  }

  struct Decision {
    std::vector<JobName> may_go;
    std::vector<JobName> duplicates;           // held now, and to be said each
    std::size_t held = 0;                      // of this scan, of all kinds
    std::map<std::string, std::size_t> where;  // how many of them by folder
  };
  bool has_gathered() const { return !gathered_.empty(); }
  /// The scan is over, and all that it found is known.
  Decision end_scan();
  /// Pairs of arriving folders that were held since this was last taken, each once, however often it was
  /// written anew meanwhile.
  std::size_t held_of_arrivals() const { return unsaid_.size(); }
  /// Those that are held still.
  Decision take_held_of_arrivals();
  /// A copy that waits by itself (`holds_duplicates`) is said when it comes.
  bool holds_duplicates() const { return rules_.holds_duplicates; }

  /// A person's word: all that is held may go. What a scan gathers was not asked about yet.
  std::vector<JobName> release();
  /// Nothing waits for its turn any more: what was released is sent.
  void end_release() { is_released_ = false; }

  bool is_duplicate(const JobName& job) const;
  std::size_t held_new() const { return held_.size() - held_copies_ + (gathered_.size() - gathered_copies_); }
  std::size_t held_copies() const { return held_copies_ + gathered_copies_; }

 private:
  struct Waiting {
    bool is_copy = false;
    std::uint64_t arriving = 0;
  };
  using Jobs = std::map<JobName, Waiting>;

  /// What has come with one folder, and may go.
  struct Arrival {
    std::set<JobName> all;
    std::set<JobName> copies;
    bool has_held = false;   // more have come than may go
    bool has_found = false;  // ... of which a scan that is not over has found one
    bool is_released = false;
    std::uint64_t last_use = 0;
  };
  /// Which bounds of its folder a pair is over.
  struct Excess {
    bool of_copies = false;
    bool of_all = false;
    bool any() const { return of_copies || of_all; }
  };

  void hold(const JobName& job, Waiting waiting);
  static void agree_to(Arrival& arrival) { arrival = {{}, {}, true, false, true, arrival.last_use}; }
  void take_agreed(std::vector<JobName>& into);
  Excess find_excess(const Candidate& pair);
  Arrival& obtain_arrival(std::uint64_t number);

  MassRules rules_;
  MassState before_ = MassState::none;
  Jobs gathered_;  // by the scan that is not over
  Jobs held_;
  std::set<JobName> left_;  // were held, and are not there now
  std::size_t gathered_copies_ = 0;
  std::size_t held_copies_ = 0;
  bool is_released_ = false;
  std::map<std::uint64_t, Arrival> arrivals_;
  std::set<JobName> unsaid_;  // held of arriving folders, and not yet said
  std::uint64_t uses_ = 0;
  // Among the gathered, what is over the bounds of its folder.
  std::set<JobName> excess_;
  std::set<JobName> excess_copies_;
};

/// "films (120), films/b (3) and 2 folders more": those with most first. The spool itself is ".".
std::string describe_places(const std::map<std::string, std::size_t>& where);

}  // namespace reeld
