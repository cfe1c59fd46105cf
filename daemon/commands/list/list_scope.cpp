#include "commands/list/list_scope.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "codec/terminal_text.hpp"
#include "commands/command_failure.hpp"
#include "commands/job/job_at_hand.hpp"
#include "commands/job/job_path.hpp"
#include "commands/ledger/spool_site.hpp"
#include "core/spool_name.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

bool is_same_folder(const std::string& one, const std::string& other) {
  std::error_code error;
  return fs::equivalent(one, other, error) && !error;
}

}  // namespace

ListScope::ListScope(const CommandLine& line, const CommandContext& context)
    : settings_(load_spool_here(line.common, context)) {
  if (line.paths.empty()) return;
  const ChosenSpool chosen = choose_spool(line.common, context);
  std::string spool;
  for (const std::string& path : line.paths) {
    Place place = find_place(path, chosen);
    if (spool.empty()) spool = place.spool;
    if (spool != place.spool)
      throw CommandFailure(exit_code::usage, make_printable(path, 1000) + " lies in another spool (" +
                                                 place.spool + ") than the first path (" + spool +
                                                 "); list one spool at a time");
    names_.push_back(std::move(place.name));
  }
  if (is_same_folder(spool, settings_.spool.path)) return;
  // The configuration is another spool's.
  settings_ = Settings{};
  settings_.spool.path = spool;
}

ListScope::Place ListScope::find_place(const std::string& path, const ChosenSpool& chosen) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    JobPath found = find_job_path(path, chosen);
    return {std::move(found.spool), std::move(found.job)};
  }
  FolderPath found = find_folder_path(path, chosen);
  return {std::move(found.spool), {std::move(found.folder), ""}};
}

bool ListScope::covers(const JobName& name) const {
  return names_.empty() || std::ranges::any_of(names_, [&name](const JobName& one) {
           return one.stem.empty() ? is_within(name.folder, one.folder) : one == name;
         });
}

}  // namespace reeld
