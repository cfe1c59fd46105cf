#pragma once
// Pairs in hand that hold the same two contents in different files: of those the ledger knows nothing before
// the first of them is sent. Only where copies wait (`duplicates = "hold"`) is that asked.
//
// Pure. Threads: none of its own.

#include <map>
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
  /// Its contents in other files. The same files under another name are no twin: they were moved.
  std::vector<JobName> list(const JobName& job) const;

 private:
  using Contents = std::pair<ContentDigest, ContentDigest>;
  using Pairs = std::map<JobName, PairIdentity>;

  std::map<Contents, Pairs> pairs_;
  std::map<JobName, Contents> contents_;
};

}  // namespace reeld
