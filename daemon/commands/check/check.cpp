#include "commands/check/check.hpp"

#include <memory>

#include "commands/act_as_owner.hpp"
#include "commands/api_key.hpp"
#include "commands/check/check_api.hpp"
#include "commands/check/check_folders.hpp"
#include "commands/check/check_ledger.hpp"
#include "commands/check/check_log.hpp"
#include "commands/check/check_online.hpp"
#include "commands/check/check_pairs.hpp"
#include "commands/check/check_report.hpp"
#include "commands/check/check_spool.hpp"
#include "commands/command_failure.hpp"
#include "commands/config_file.hpp"
#include "commands/job/known_pairs.hpp"
#include "commands/ledger/ledger_access.hpp"
#include "commands/ledger/ledger_view.hpp"
#include "commands/ledger/spool_site.hpp"
#include "commands/unserved_settings.hpp"
#include "http/listen_address.hpp"
#include "settings/exit_code.hpp"
#include "settings/units.hpp"
#include "sys/process_setup.hpp"

namespace reeld {
namespace {

std::string describe_limit(std::uint32_t limit, const std::string& span) {
  return limit == 0 ? "no limit " + span : std::to_string(limit) + " " + span;
}

void say_limits(const Settings& settings, CheckReport& report) {
  report.say("limits", std::to_string(settings.submit.lane.concurrency) + " at one time, " +
                           describe_limit(settings.submit.lane.per_minute, "a minute") + ", " +
                           describe_limit(settings.submit.lane.per_day, "a day") + "; prompts up to " +
                           format_size(settings.spool.max_prompt) + ", images up to " +
                           format_size(settings.spool.max_image));
}

void say_rules(const Settings& settings, CheckReport& report) {
  const std::size_t count = settings.verdicts.size();
  if (count != 0)
    report.say("verdicts", std::to_string(count) + (count == 1 ? " rule" : " rules") + " of your own");
}

void check_metrics(const std::string& listen, CheckReport& report) {
  if (listen.empty()) return;
  report.say("metrics", "http://" + listen + "/metrics and /healthz");
  if (!is_loopback(listen))
    report.warn("metrics.listen: other machines can reach " + listen +
                ", and whoever does may read it: there is no password; 127.0.0.1 is for this machine alone");
}

void check_unserved(const Settings& settings, CheckReport& report) {
  for (const std::string& line : list_unserved_settings(settings)) report.warn(line);
}

/// Who may not act on the spool is told why when its ledger is looked at.
void become_owner(const Settings& settings, const CommandContext& context) {
  try {
    const SpoolSite spool = open_spool(settings.spool.path);
    become_ledger_owner(place_ledger(spool, settings.ledger.path, context));
  } catch (const CommandFailure&) {
  }
}

/// What the daemon opens once it acts as the ledger's owner.
void check_as_owner(const Settings& settings, const std::variant<FoundCredentials, NoKey>& found,
                    const CommandContext& context, CheckReport& report) {
  become_owner(settings, context);
  check_spool(settings.spool, report);
  check_folders(settings.spool, settings.api.fields, report);
  check_ledger(settings, context, report);
  check_log(settings.log, report);
  check_api(settings.api, found, context.environment, report);
}

/// Root asks what the unit would do, whose credentials are files beside its configuration; unless root's own
/// shell has a key, or the API is another one: a unit's key goes nowhere but where the unit would send it.
Environment see_as_unit(const CommandLine& line, const std::string& config, const CommandContext& context,
                        Settings& settings) {
  const auto has = [&](const char* name) { return context.environment(name).has_value(); };
  const std::string folder = find_unit_folder(config, context.default_config_file);
  if (folder.empty() || has("CREDENTIALS_DIRECTORY") || has("REELD_API_KEY") || line.common.overrides.url)
    return context.environment;
  if (settings.api.key_file.empty())
    settings.api.key_file = find_unit_key(config, context.default_config_file);
  // Another unit's key in that folder goes nowhere for this one.
  if (settings.api.key_file.empty()) return context.environment;
  return [folder, others = context.environment](const char* name) {
    return name == std::string_view("CREDENTIALS_DIRECTORY") ? std::optional(folder) : others(name);
  };
}

void list_pairs(const Settings& settings, const CommandContext& context, CheckReport& report) {
  SpoolSite spool;
  std::unique_ptr<LedgerView> ledger;
  try {
    spool = open_spool(settings.spool.path);
    ledger = std::make_unique<LedgerView>(place_ledger(spool, settings.ledger.path, context));
  } catch (const CommandFailure&) {
    // There is none to be read, and that has been complained of.
  }
  const KnownPairs known(ledger ? ledger->reader() : nullptr, spool.fd.get());
  check_pairs(settings, known, context.out, report);
}

}  // namespace

int run_check(const CommandLine& line, const CommandContext& context) {
  prepare_process();
  CheckReport report(context.out, context.err);
  const ConfigChoice config = choose_config_file(line.common, context);
  report.say("configuration", config.file.empty() ? "no file" : config.file);
  Settings settings = load_config_file(config.file, line.common.overrides);
  use_spool_above(line.common, config, settings);
  const Environment environment = see_as_unit(line, config.file, context, settings);
  const auto found = find_credentials(settings.api, environment);  // before: they may be root's alone
  check_as_owner(settings, found, context, report);
  say_limits(settings, report);
  say_rules(settings, report);
  check_metrics(settings.metrics.listen, report);
  check_unserved(settings, report);
  if (line.pairs) list_pairs(settings, context, report);
  const auto* const all = std::get_if<FoundCredentials>(&found);
  const bool was_answered =
      !line.online || all == nullptr || check_online(settings, all->credentials, report);
  if (!was_answered) return exit_code::failed;
  return report.has_problems() ? exit_code::configuration : exit_code::fine;
}

}  // namespace reeld
