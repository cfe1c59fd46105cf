#include "commands/ledger_access.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "commands/command_failure.hpp"
#include "settings/exit_code.hpp"
#include "sys/sys_error.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

void require_file(const LedgerSite& site, const SpoolSite& spool) {
  std::error_code error;
  const fs::file_status status = fs::status(site.path, error);
  if (status.type() != fs::file_type::not_found) return;
  if (!site.marker)
    throw CommandFailure(exit_code::failed,
                         "the spool " + spool.path +
                             " has not been used yet, so it has no ledger; start `reeld run` on it "
                             "first, or name another with --spool");
  throw CommandFailure(
      exit_code::configuration,
      "the spool's ledger " + site.path + " is missing; put it back, or, after looking, say `reeld adopt`");
}

bool may_write(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return ::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) == 0 &&
         ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

void require_match(const LedgerSite& site, const LedgerIdentity& identity, const SpoolSite& spool) {
  const LedgerMatch found = match(site.marker, identity, site.root);
  if (may_serve(found)) return;
  throw CommandFailure(exit_code::configuration,
                       describe(found) + " (spool " + spool.path + ", ledger " + site.path +
                           "); put back what belongs there, or, after looking, say `reeld "
                           "adopt`");
}

}  // namespace

LedgerPlace place_ledger(const SpoolSite& spool, const std::string& asked_path,
                         const CommandContext& context) {
  LedgerPlace place;
  place.spool_fd = spool.fd.get();
  place.spool_path = spool.path;
  place.asked_path = asked_path;
  place.state_dir = context.environment("STATE_DIRECTORY").value_or("");
  return place;
}

LedgerSite locate_known_ledger(const LedgerPlace& place) {
  auto located = locate_ledger(place);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&located))
    throw CommandFailure(exit_code::configuration, refusal->reason);
  auto& site = std::get<LedgerSite>(located);
  if (site.marker) site.path = site.marked_path;
  return std::move(site);
}

std::vector<std::string> list_owned(const SpoolSite& spool, const std::string& ledger) {
  return {ledger, spool.path + "/.reeld/spool", spool.path};
}

std::vector<std::string> list_owned(const Settings& settings, const CommandContext& context) {
  try {
    const SpoolSite spool = open_spool(settings.spool.path);
    return list_owned(spool, locate_known_ledger(place_ledger(spool, settings.ledger.path, context)).path);
  } catch (const CommandFailure&) {
    return {settings.spool.path};
  }
}

std::string say_who_may(const std::string& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return make_sys_error("open the ledger", path, errno).message +
           "; run this as the user that reeld runs as, or as root";
  const std::string owner = name_user(status.st_uid);
  return "open the ledger " + path + ": it belongs to " + owner + "; run this as " + owner + " or as root";
}

LedgerAccess::LedgerAccess(const SpoolSite& spool, const std::string& asked_path,
                           const CommandContext& context)
    : site_(locate_known_ledger(place_ledger(spool, asked_path, context))),
      owner_(list_owned(spool, site_.path)) {
  require_file(site_, spool);
  if (!may_write(site_.path)) throw CommandFailure(exit_code::failed, say_who_may(site_.path));
  store_ = std::make_unique<LedgerStore>(site_.path);
  require_match(site_, reader().read_identity(), spool);
}

void LedgerAccess::change(const std::function<void(LedgerStore&)>& transaction) {
  store_->begin();
  try {
    transaction(*store_);
    store_->commit();
  } catch (...) {
    store_->roll_back();
    throw;
  }
}

}  // namespace reeld
