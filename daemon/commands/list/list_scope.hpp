#pragma once
// Which pairs `reeld list` is about: those of a whole spool, or of the folders and pairs that its paths name,
// all of one spool.
//
// Errors: CommandFailure.

#include <string>
#include <vector>

#include "commands/command_context.hpp"
#include "commands/job/job_path.hpp"
#include "core/job_name.hpp"
#include "settings/command_line.hpp"
#include "settings/settings.hpp"

namespace reeld {

class ListScope {
 public:
  ListScope(const CommandLine& line, const CommandContext& context);

  /// Of the spool that is listed.
  const Settings& settings() const { return settings_; }
  bool covers(const JobName& name) const;

 private:
  /// A path's place in its spool.
  struct Place {
    std::string spool;
    JobName name;  // without a stem: the folder, and all below it
  };

  static Place find_place(const std::string& path, const ChosenSpool& chosen);

  Settings settings_;
  std::vector<JobName> names_;  // none: all
};

}  // namespace reeld
