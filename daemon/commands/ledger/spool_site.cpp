#include "commands/ledger/spool_site.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "commands/command_failure.hpp"
#include "commands/config_file.hpp"
#include "core/spool_name.hpp"
#include "ledger/open_ledger.hpp"
#include "settings/exit_code.hpp"
#include "sys/lock.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

// Nothing is sent there: it stands for a URL that is not needed.
constexpr const char* no_url = "http://localhost";

[[noreturn]] void fail_to_lock(const SpoolSite& spool, const SysError& error) {
  if (error.code == EWOULDBLOCK)
    throw CommandFailure(exit_code::try_later,
                         "the spool " + spool.path + " is served by a reeld that runs; stop it first");
  throw CommandFailure(exit_code::of_trouble(may_pass(error.code)), error.message);
}

/// The same, or a folder in it that somebody has put a marker into.
bool is_within_spool(const std::string& folder, const std::string& spool) {
  std::error_code error;
  const fs::path real = fs::canonical(spool, error);
  return !error && is_within(folder, real.string());
}

/// A marker is a word of whoever can write into that folder. To root it is one only of the folder's owner,
/// and not where everybody can write: else anybody could lead it away from the spool that it means to hold.
bool may_lead_here(const std::string& folder) {
  if (::geteuid() != 0) return true;
  struct ::stat spool {};
  struct ::stat hidden {};
  struct ::stat marker {};
  const std::string path = folder + "/.reeld";
  if (::lstat(folder.c_str(), &spool) != 0 || ::lstat(path.c_str(), &hidden) != 0 ||
      ::lstat((path + "/spool").c_str(), &marker) != 0)
    return false;
  const bool is_plain = S_ISDIR(hidden.st_mode) && S_ISREG(marker.st_mode);
  const bool is_owners = hidden.st_uid == spool.st_uid && marker.st_uid == spool.st_uid;
  return is_plain && is_owners && (spool.st_mode & S_IWOTH) == 0;
}

}  // namespace

SpoolSite open_spool(const std::string& path) {
  SpoolSite site;
  site.path = path;
  site.fd = UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (site.fd) return site;
  const SysError error = make_sys_error("open the spool", path, errno);
  if (may_pass(error.code)) throw CommandFailure(exit_code::try_later, error.message);
  throw CommandFailure(exit_code::configuration,
                       error.message + "; name the spool with --spool, or with [spool] path");
}

std::optional<std::string> find_spool_above(const std::string& folder) {
  for (fs::path path(folder);; path = path.parent_path()) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(path / ".reeld" / "spool", error))) return path.string();
    if (path == path.root_path() || path.empty()) return std::nullopt;
  }
}

Settings load_without_url(const CommonOptions& options, const ConfigChoice& config) {
  SettingsOverrides overrides = options.overrides;
  if (!overrides.url) overrides.url = no_url;
  return load_config_file(config.file, overrides);
}

Settings load_spool_here(const CommonOptions& options, const CommandContext& context) {
  const ConfigChoice config = choose_config_file(options, context);
  Settings settings = load_without_url(options, config);
  use_spool_above(options, config, settings);
  return settings;
}

void use_spool_above(const CommonOptions& options, const ConfigChoice& config, Settings& settings) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (config.is_asked || options.overrides.spool || error) return;
  const auto above = find_spool_above(here.string());
  if (!above || is_within_spool(*above, settings.spool.path) || !may_lead_here(*above)) return;
  settings.spool.path = *above;
  settings.ledger.path.clear();  // which is the other spool's
}

UniqueFd lock_spool(const SpoolSite& spool) {
  auto locked = lock_spool_folder(spool.fd.get(), spool.path);
  if (const auto* const error = std::get_if<SysError>(&locked)) fail_to_lock(spool, *error);
  return std::get<UniqueFd>(std::move(locked));
}

UniqueFd lock_used_spool(const SpoolSite& spool) {
  auto locked = lock_used_spool_folder(spool.fd.get(), spool.path);
  const auto* const error = std::get_if<SysError>(&locked);
  if (error == nullptr) return std::get<UniqueFd>(std::move(locked));
  if (error->code != ENOENT) fail_to_lock(spool, *error);
  return {};
}

bool is_served(const SpoolSite& spool, const std::string& ledger) {
  return is_spool_folder_locked(spool.fd.get()) || is_ledger_in_use(ledger);
}

}  // namespace reeld
