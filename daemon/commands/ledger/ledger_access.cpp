#include "commands/ledger/ledger_access.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "commands/command_failure.hpp"
#include "ledger/schema.hpp"
#include "settings/exit_code.hpp"
#include "spool/open_spool.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const LedgerRefusal& refusal) {
  throw CommandFailure(code_of(refusal), refusal.reason);
}

LedgerFindings find_ledgers(const LedgerPlace& place) {
  auto found = find_ledger(place, LedgerDepth::identity);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&found)) fail(*refusal);
  return std::get<LedgerFindings>(std::move(found));
}

void require_file(const LedgerFindings& found, const SpoolSite& spool) {
  if (found.file.kind != LedgerFile::Kind::missing) return;
  if (!found.marker)
    throw CommandFailure(exit_code::failed,
                         "the spool " + spool.path +
                             " has not been used yet, so it has no ledger; start `reeld run` on it "
                             "first, or name another with --spool");
  throw CommandFailure(
      exit_code::configuration,
      "the spool's ledger " + found.path + " is missing; put it back, or, after looking, say `reeld adopt`");
}

void require_match(const LedgerFindings& found, const SpoolSite& spool) {
  if (may_serve(found.match)) return;
  const std::string damage = found.match == LedgerMatch::corrupt ? " (" + found.file.damage + ")" : "";
  const std::string elsewhere =
      found.marked_elsewhere.empty() ? "" : ", and the spool's marker names " + found.marked_elsewhere;
  throw CommandFailure(exit_code::configuration, describe(found.match) + damage + " (spool " + spool.path +
                                                     ", ledger " + found.path + elsewhere +
                                                     "); put back what belongs there, or, after looking, say "
                                                     "`reeld adopt`");
}

void require_writable(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  const bool may_write = ::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) == 0 &&
                         ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
  if (may_write) return;
  const int code = errno;
  struct ::stat status {};
  if (code == EROFS || ::lstat(path.c_str(), &status) != 0 || status.st_uid == ::geteuid())
    fail(refuse(make_sys_error("write the ledger", path, code)));
  fail(refuse_for_others("open the ledger " + path, status.st_uid));
}

/// What an older reeld has open is not changed beneath it.
void require_version(Database& database, const std::string& path) {
  if (database.read_number("PRAGMA user_version") == schema_version || !is_ledger_in_use(path)) return;
  throw CommandFailure(exit_code::try_later,
                       "the ledger " + path +
                           " is in use by a reeld of another version, which is running; "
                           "restart it, and say this again");
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

LedgerAccess::LedgerAccess(const SpoolSite& spool, const std::string& asked_path,
                           const CommandContext& context) {
  const LedgerPlace place = place_ledger(spool, asked_path, context);
  become_ledger_owner(place);
  found_ = find_ledgers(place);
  require_file(found_, spool);
  require_match(found_, spool);
  require_writable(found_.path);
  make_private(found_.path);
  store_ = std::make_unique<LedgerStore>(found_.path, Database::Access::existing, [this](Database& database) {
    require_same_file(database, found_.file);
    require_version(database, found_.path);
  });
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
