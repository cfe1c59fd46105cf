#include "commands/run_command.hpp"

#include <ostream>

#include "codec/terminal_text.hpp"
#include "commands/act_as_owner.hpp"
#include "commands/api_credentials.hpp"
#include "commands/check/check.hpp"
#include "commands/command_failure.hpp"
#include "commands/config_file.hpp"
#include "commands/init/init.hpp"
#include "commands/job/forget.hpp"
#include "commands/job/resolve.hpp"
#include "commands/job/retry.hpp"
#include "commands/ledger/adopt.hpp"
#include "commands/ledger/backup.hpp"
#include "commands/ledger/hold.hpp"
#include "commands/ledger/ledger_access.hpp"
#include "commands/list/list.hpp"
#include "commands/status/status.hpp"
#include "commands/tell_failure.hpp"
#include "commands/unserved_settings.hpp"
#include "settings/exit_code.hpp"
#include "sys/process_setup.hpp"

namespace reeld {
namespace {

/// Everything that is read before the daemon can start, and again on each reload. Errors: CommandFailure.
Reloaded load_all(const ConfigText& config, const SettingsOverrides& overrides,
                  const Environment& environment) {
  Settings settings = load_config_text(config, overrides);
  std::vector<std::string> warnings = list_unserved_settings(settings);
  std::vector<std::string> open_ways = list_open_ways(settings.api);
  auto found = find_credentials(settings.api, environment);
  if (auto* missing = std::get_if<NoKey>(&found))
    throw CommandFailure(exit_code::of_trouble(missing->may_pass), missing->message);
  auto& all = std::get<FoundCredentials>(found);
  warnings.insert(warnings.end(), open_ways.begin(), open_ways.end());
  warnings.insert(warnings.end(), all.warnings.begin(), all.warnings.end());
  return Reloaded{std::move(settings), std::move(all.credentials), std::move(warnings)};
}

/// A running daemon goes on as it was, whatever it is. What came out of a pipe at the start is what there is:
/// read anew, it would be empty, or wait for a writer.
std::variant<Reloaded, std::string> load_anew(const ConfigText& first, const SettingsOverrides& overrides,
                                              const Environment& environment) {
  try {
    if (first.may_be_read_again) return load_all(read_config_text(first.file), overrides, environment);
    Reloaded all = load_all(first, overrides, environment);
    all.warnings.push_back(first.file +
                           " is no regular file, and is not read again: what it held at the start stays");
    return all;
  } catch (const CommandFailure& failure) {
    std::string all = failure.what();
    for (const std::string& other : failure.others) all += "; " + other;
    return all;
  }
}

std::variant<FreshKey, std::string> load_key(const std::string& file, const Environment& environment) {
  auto found = find_api_key(file, environment);
  if (auto* missing = std::get_if<NoKey>(&found)) return std::move(missing->message);
  return FreshKey{std::move(std::get<FoundKey>(found).key)};
}

/// What root could read at the start, `user` may not be able to: a complaint says who it was that tried.
template <typename Loaded>
std::variant<Loaded, std::string> name_reader(std::variant<Loaded, std::string> loaded,
                                              const std::string& user) {
  auto* const complaint = std::get_if<std::string>(&loaded);
  if (complaint != nullptr && !user.empty())
    *complaint += " (started by root, reeld runs as " + user + ", who owns the ledger)";
  return loaded;
}

/// A spool that cannot be opened is the business of what opens it next.
std::string become_owner(const Settings& settings, const CommandContext& context) {
  SpoolSite spool;
  try {
    spool = open_spool(settings.spool.path);
  } catch (const CommandFailure&) {
    return {};
  }
  return become_ledger_owner(place_ledger(spool, settings.ledger.path, context));
}

int start_daemon(const CommandLine& line, const CommandContext& context) {
  hold_signals();
  const std::string file = choose_config_file(line.common, context).file;
  ConfigText config = read_config_text(file);
  Reloaded all = load_all(config, line.common.overrides, context.environment);
  for (const std::string& warning : all.warnings)
    context.err << "reeld: warning: " << escape_steering(warning) << '\n';
  context.err.flush();
  // From here on as who owns the ledger. What is read above may be root's alone; what is read anew is read as
  // them.
  const std::string user = become_owner(all.settings, context);
  DaemonOptions options;
  options.settings = std::move(all.settings);
  options.credentials = std::move(all.credentials);
  options.reload = [config = std::move(config), overrides = line.common.overrides,
                    environment = context.environment,
                    user] { return name_reader(load_anew(config, overrides, environment), user); };
  options.reload_key = [environment = context.environment, user](const std::string& key_file) {
    return name_reader(load_key(key_file, environment), user);
  };
  options.mode = line.command == Command::drain ? DaemonOptions::Mode::drain : DaemonOptions::Mode::run;
  options.patience = line.patience;
  return context.run_daemon(options);
}

int choose_command(const CommandLine& line, const CommandContext& context) {
  switch (line.command) {
    case Command::run:
    case Command::drain:
      return start_daemon(line, context);
    case Command::check:
      return run_check(line, context);
    case Command::status:
      return run_status(line, context);
    case Command::list:
      return run_list(line, context);
    case Command::retry:
      return run_retry(line, context);
    case Command::resolve:
      return run_resolve(line, context);
    case Command::hold:
    case Command::release:
      return run_hold(line, context);
    case Command::adopt:
      return run_adopt(line, context);
    case Command::init:
      return run_init(line, context);
    case Command::forget:
      return run_forget(line, context);
    case Command::ledger:
      return run_ledger(line, context);
  }
  return exit_code::usage;
}

}  // namespace

int run_command(const CommandLine& line, const CommandContext& context) {
  try {
    return choose_command(line, context);
  } catch (const CommandFailure& failure) {
    return tell_failure(failure, context.err);
  } catch (const SqliteError& error) {
    return tell_failure(error, context.err);
  }
}

}  // namespace reeld
