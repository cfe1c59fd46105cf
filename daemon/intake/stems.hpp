#pragma once
// The stems that intake has in mind: those without a result. A finished pair keeps nothing here.
//
// Lifetime: a reference to a stem holds until that stem is erased.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/file_identity.hpp"
#include "core/job_name.hpp"
#include "core/pairing.hpp"
#include "core/readiness.hpp"
#include "intake/inspect.hpp"
#include "intake/intake.hpp"
#include "scheduler/wait_table.hpp"

namespace reeld {

enum class StemPhase {
  unknown,        // something was seen; nothing is decided yet
  half,           // one file without the other
  ambiguous,      // two prompts or two images
  conflict,       // a conflict copy, by its name
  unnameable,     // its results' names would be too long
  unwritable,     // a pair whose folder takes no results
  misconfigured,  // a pair of a folder whose reeld.toml, or that of one above, cannot be read
  waiting,        // both files are there, not complete yet
  ready,          // the listener's
  bad,            // the listener's: it writes an error file
  forgotten,      // the listener is done with these two files
};

struct TrackedFile {
  std::string name;
  bool is_prompt = false;
  Evidence evidence = Evidence::found;
  bool is_made = false;  // its name appeared while we watched, and no close has come
  // It changed in times alone, and no event has told why yet: what was known of it before.
  std::optional<Evidence> unexplained;
  std::optional<FileIdentity> seen;  // at the last look since the last event
  SteadyTime still_since{};          // first seen so
  std::uint32_t looks = 0;
  bool is_hard_linked = false;
  Writers writers = Writers::unknown;
};

enum class LookState { none, queued, running };

struct TrackedStem {
  std::vector<TrackedFile> files;
  StemPhase phase = StemPhase::unknown;
  SteadyTime phase_since{};
  bool keeps_stamps = false;           // as its last look found
  std::optional<PairIdentity> handed;  // what was said of `ready`, `bad` and `forgotten`, or was given back
  LookState look = LookState::none;
  std::uint64_t ticket = 0;        // of the look that runs
  bool is_urgent = false;          // it is queued among the urgent ones
  bool needs_full_search = false;  // `files` may not be all that is there
  bool must_look_again = false;    // something happened while it was looked at
  bool was_touched = false;        // an event has told of times or permissions since the last look
  bool was_written = false;        // and of a write
  bool awaits_word = false;        // it changed in times alone: should no event tell why, it was written
  std::string settings_folder;     // whose reeld.toml a `misconfigured` one waits for
  std::uint64_t arriving = 0;      // the number of the arriving folder that it has come with
  bool was_found = false;   // by a scan, before it had to wait for its folder: so it still counts among many
  bool is_awaited = false;  // the scan is not done before this one is decided
  std::uint64_t round = 0;  // the last scan of the spool that listed it
  std::uint64_t listing = 0;  // the last reading of its folder that listed it
  std::uint64_t born_in = 0;  // the reading that has found it first; 0: it was an event
  std::size_t listed = 0;     // how many of its files that reading listed
  bool has_said_phase = false;
  std::optional<ReadinessWord> said_word;  // of why it is incomplete
  bool is_in_trouble = false;              // the last look failed
  bool has_said_trouble = false;
  std::string wait_reason;  // while it waits for its files, where there is more to say than that it does
  std::uint32_t failed_looks = 0;          // in a row, at a pair that was said
  std::uint32_t returns = 0;               // how often the listener gave it back
  std::optional<SteadyTime> arrived_late;  // when a file was last put under a result that was there already
  SteadyTime paused_until{};  // while it is still what was given back, it is not handed over before
};

/// What is known of the stem's files, for core/pairing.
StemContents summarize(const TrackedStem& stem, std::string_view name);
/// The file of that name, added if it is new.
TrackedFile& obtain_file(TrackedStem& stem, std::string_view name, bool is_prompt);
/// An event has told of this file: its history begins anew.
void restart_history(TrackedFile& file, Evidence evidence);
/// An event has told of a touch of this file.
void note_touch(TrackedStem& stem, std::string_view name);
/// What a look has found replaces what was known. `was_touched`: a change of times alone says nothing.
void merge_report(TrackedStem& stem, const StemReport& report, SteadyTime now, bool was_touched);
/// Of a stem that is a pair.
PairFacts gather_facts(const TrackedStem& stem, const StemReport& report);

class StemTable {
 public:
  /// Told that many are awaited, and told again when half of them are not any more.
  using OnManyAwaited = std::function<void(bool are_many)>;
  static constexpr std::size_t many_awaited = 20'000;

  explicit StemTable(OnManyAwaited on_many_awaited = nullptr)
      : on_many_awaited_(std::move(on_many_awaited)) {}

  TrackedStem* find(const JobName& job);
  TrackedStem& obtain(const JobName& job);
  void erase(const JobName& job);
  void set_phase(TrackedStem& stem, StemPhase phase, SteadyTime now);
  void set_awaited(TrackedStem& stem, bool is_awaited);
  /// Events were lost: nobody knows any more which files were made and not closed.
  void forget_makers();

  /// Those in the folder and below it.
  std::vector<JobName> list_within(const std::string& folder) const;
  /// Those of the folder alone that wait until results can be written into it.
  std::vector<JobName> list_unwritable(const std::string& folder) const;
  /// Those in the folder and below it that could not be looked at.
  std::vector<JobName> list_in_trouble(const std::string& folder) const;
  /// Those that wait for that folder's reeld.toml, in it and below it.
  std::vector<JobName> list_misconfigured(const std::string& folder) const;
  /// Those that this scan of the spool has not listed.
  std::vector<JobName> list_unseen_by(std::uint64_t round) const;

  IntakeCounts counts() const { return counts_; }
  /// One that waits for its files to be complete, one that is known to be cut or unreadable before others.
  std::optional<IncompletePair> find_incomplete() const;
  /// Adds what is not the listener's, with ages. Looks at every stem.
  void tally_waiting(WaitTable& into, SteadyTime now) const;
  /// The same, each by itself.
  void list_waiting(const TellPair& tell, SteadyTime now) const;
  std::size_t awaited() const { return awaited_; }

 private:
  std::size_t* counter_of(StemPhase phase);
  template <class Condition>
  std::vector<JobName> list_within(const std::string& folder, const Condition& is_wanted) const;

  std::map<std::string, std::unordered_map<std::string, TrackedStem>> folders_;
  IntakeCounts counts_;
  std::size_t awaited_ = 0;
  bool are_many_awaited_ = false;
  OnManyAwaited on_many_awaited_;
};

}  // namespace reeld
