#pragma once
// The pair that `retry` or `resolve` is about: its folder, its files, and the ledger that knows it.
//
// Errors: CommandFailure, SqliteError.

#include <optional>
#include <string>

#include "commands/job/job_path.hpp"
#include "commands/ledger/ledger_access.hpp"

namespace reeld {

class JobAtHand {
 public:
  JobAtHand(JobPath where, const CommandContext& context);

  const JobName& name() const { return where_.job; }
  /// For people.
  std::string text() const;
  int spool_fd() const { return spool_.fd.get(); }
  int folder_fd() const { return folder_.get(); }
  const StemFiles& files() const { return files_; }
  bool holds(const std::string& result) const;
  LedgerAccess& ledger() { return ledger_; }
  /// What the ledger knows of its files, wherever they lie by now; nullopt also where they are no pair.
  std::optional<KnownJob> find_by_files();
  /// Whether they are a copy of that job's pair, which lies in its place still.
  bool is_copy_of(std::int64_t job);

  /// A daemon that runs is asked to look at the pair, or at another. Returns "", or what to add where none
  /// was told.
  std::string say_look() const { return say_look(name()); }
  std::string say_look(const JobName& job) const;
  bool is_served() const { return reeld::is_served(spool_, ledger_.path()); }

 private:
  std::optional<Recognition> recognize();

  JobPath where_;
  SpoolSite spool_;
  LedgerAccess ledger_;
  UniqueFd folder_;
  StemFiles files_;
};

/// --spool, or the configuration's where --config was given; else what lies above the path.
ChosenSpool choose_spool(const CommonOptions& options, const CommandContext& context);

}  // namespace reeld
