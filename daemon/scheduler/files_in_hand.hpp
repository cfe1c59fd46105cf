#pragma once
// The files that are under way, whatever names they have: the same two are never sent twice at a time. By the
// very files, whatever has become of their times.
//
// Pure. Threads: none of its own.

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/file_identity.hpp"
#include "core/job_name.hpp"

namespace reeld {

class FilesInHand {
 public:
  /// False: another job has them.
  bool take(const PairIdentity& files) { return taken_.try_emplace(files).second; }
  bool are_taken(const PairIdentity& files) const { return taken_.contains(files); }
  /// A job of these files, under another name, waits for what comes of them. They are taken.
  void wait_for(const PairIdentity& files, const JobName& job);
  /// Those that have waited for them.
  std::vector<JobName> let_go(const PairIdentity& files);

  /// Of a job that was created and has failed, and moved meanwhile: under whatever name they wait, the ledger
  /// is asked about them once more.
  void note_created(const PairIdentity& files) { created_.insert(files); }
  /// Whether they were; once.
  bool forget_created(const PairIdentity& files) { return created_.erase(files) != 0; }

 private:
  struct ByFiles {
    bool operator()(const PairIdentity& one, const PairIdentity& other) const;
  };

  std::map<PairIdentity, std::vector<JobName>, ByFiles> taken_;
  std::set<PairIdentity, ByFiles> created_;
};

}  // namespace reeld
