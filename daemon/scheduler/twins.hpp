#pragma once
// Pairs in hand that hold the same two contents in different files: of those the ledger knows nothing before
// the first of them is sent. Only where copies wait (`duplicates = "hold"`) is that asked.
//
// Pure. Threads: none of its own.

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/job_name.hpp"
#include "core/known_job.hpp"

namespace reeld {

class Twins {
 public:
  /// One of which a file was not read has no twins: it is not added.
  void add(const JobName& job, const FoundPair& found);
  /// It is not in hand any more, or is judged anew.
  void remove(const JobName& job);
  /// Its contents in other files, those first that were added first. The same files under another name are
  /// no twin: they were moved.
  std::vector<JobName> list(const JobName& job) const;
  /// The first of that list of which the condition holds. Of ten thousand copies each asks, and the one that
  /// they are copies of was there before them: so none but it is looked at.
  template <class Condition>
  bool any_of(const JobName& job, const Condition& holds) const;

 private:
  using Contents = std::pair<ContentDigest, ContentDigest>;
  struct Entry {
    JobName job;
    PairIdentity files;
  };
  using Pairs = std::map<std::uint64_t, Entry>;  // by when they were added
  struct Place {
    Contents contents;
    std::uint64_t number = 0;
  };

  std::map<Contents, Pairs> pairs_;
  std::map<JobName, Place> places_;
  std::uint64_t last_number_ = 0;
};

template <class Condition>
bool Twins::any_of(const JobName& job, const Condition& holds) const {
  const auto place = places_.find(job);
  if (place == places_.end()) return false;
  const Pairs& pairs = pairs_.at(place->second.contents);
  const PairIdentity& own = pairs.at(place->second.number).files;
  return std::ranges::any_of(pairs, [&](const auto& pair) {
    const Entry& entry = pair.second;
    return !is_same_file(entry.files, own) && holds(entry.job);
  });
}

}  // namespace reeld
