#include "commands/job/job_at_hand.hpp"

#include <algorithm>

#include "commands/check/check_report.hpp"
#include "commands/command_failure.hpp"
#include "commands/config_file.hpp"
#include "commands/ledger/daemon_client.hpp"
#include "core/spool_name.hpp"
#include "settings/exit_code.hpp"
#include "spool/pair_lookup.hpp"
#include "sys/safe_open.hpp"

namespace reeld {

JobAtHand::JobAtHand(JobPath where, const CommandContext& context)
    : where_(std::move(where)),
      spool_(open_spool(where_.spool)),
      ledger_(spool_, where_.named_ledger, context) {
  auto opened = open_folder_beneath(spool_.fd.get(), where_.job.folder);
  if (const auto* const error = std::get_if<SysError>(&opened))
    throw CommandFailure(exit_code::failed, error->message);
  folder_ = std::move(std::get<UniqueFd>(opened));
  files_ = find_stem_files(folder_.get(), where_.job.stem);
}

std::string JobAtHand::text() const {
  return make_printable(where_.job.text(), 1000);
}

bool JobAtHand::holds(const std::string& result) const {
  return std::ranges::find(files_.results, result) != files_.results.end();
}

std::string JobAtHand::say_look(const JobName& job) const {
  const DaemonReply reply = ask_daemon(spool_.fd.get(), {"look", job.folder, job.stem});
  if (reply.kind == DaemonReply::Kind::answered) return {};
  if (reply.kind == DaemonReply::Kind::nobody && !is_served()) return "; reeld is not running";
  const std::string reason = reply.text.empty() ? "it has no control socket" : reply.text;
  return "; the reeld that runs could not be told (" + make_printable(reason) + ")";
}

ChosenSpool choose_spool(const CommonOptions& options, const CommandContext& context) {
  ChosenSpool out;
  const ConfigChoice config = choose_config_file(options, context);
  if (options.config_given || options.overrides.spool) {
    const Settings settings = load_without_url(options, config);
    return {settings.spool.path, settings.spool.path, settings.ledger.path};
  }
  try {
    const Settings settings = load_without_url(options, config);
    out.configured = settings.spool.path;
    out.named_ledger = settings.ledger.path;
  } catch (const CommandFailure&) {
    // These commands need no configuration, so none that nobody has asked for keeps them from their work.
    if (config.is_asked) throw;
  }
  return out;
}

std::optional<Recognition> JobAtHand::recognize() {
  if (files_.prompts.size() != 1 || files_.images.size() != 1) return std::nullopt;
  const ReadyPair pair = identify_pair(folder_fd(), name(), files_);
  return PairLookup(ledger_.reader(), spool_fd()).find(pair);
}

std::optional<KnownJob> JobAtHand::find_by_files() {
  const auto found = recognize();
  return found ? found->known : std::nullopt;
}

bool JobAtHand::is_copy_of(std::int64_t job) {
  const auto found = recognize();
  return found && std::ranges::find(found->originals, job) != found->originals.end();
}

}  // namespace reeld
