#include "runtime/open_spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <thread>

#include "ledger/spool_neighbours.hpp"
#include "ledger/sqlite.hpp"
#include "runtime/dispatcher.hpp"
#include "settings/exit_code.hpp"
#include "sys/lock.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {
namespace {

bool is_taken(const std::variant<UniqueFd, SysError>& locked) {
  const auto* const error = std::get_if<SysError>(&locked);
  return error != nullptr && error->code == EWOULDBLOCK;
}

/// Opened and locked: one descriptor does for both.
std::variant<UniqueFd, SpoolRefusal> lock_spool(const std::string& path) {
  auto locked = lock_folder(path);
  // A command that asks whether anybody serves the spool holds its lock for an instant.
  for (int tries = 0; tries < 5 && is_taken(locked); ++tries) {
    std::this_thread::sleep_for(milliseconds(20));
    locked = lock_folder(path);
  }
  if (auto* const fd = std::get_if<UniqueFd>(&locked)) return std::move(*fd);
  if (is_taken(locked)) {
    return SpoolRefusal{exit_code::try_later,
                        "the spool " + path + " is served by another reeld already; there can be one only"};
  }
  const SysError& error = std::get<SysError>(locked);
  if (may_pass(error.code)) return SpoolRefusal{exit_code::try_later, error.message};
  return SpoolRefusal{exit_code::configuration,
                      error.message + "; create the folder, or name another with [spool] path or --spool"};
}

/// A disk that is read-only today need not be tomorrow: only what takes a person is "configuration".
std::optional<SpoolRefusal> check_writable(int fd, const std::string& path) {
  if (::faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) == 0) return std::nullopt;
  const int code = errno;
  const bool is_read_only = code == EROFS;
  std::string reason = make_sys_error("write into the spool", path, code).message;
  // systemd.exec(5): set for every service.
  if (is_read_only && std::getenv("INVOCATION_ID") != nullptr) {
    reason +=
        "; the service may write only where its unit allows it: `systemctl edit` it, add ReadWritePaths=" +
        path + " under [Service], and restart it";
  } else if (!may_pass(code)) {
    reason +=
        "; give the folder to the user that reeld runs as, or to one of its groups, with write permission";
  }
  return SpoolRefusal{may_pass(code) ? exit_code::try_later : exit_code::configuration, std::move(reason)};
}

LedgerPlace place_ledger(const Settings& settings, int spool_fd) {
  LedgerPlace place;
  place.spool_fd = spool_fd;
  place.spool_path = settings.spool.path;
  place.asked_path = settings.ledger.path;
  if (const char* const folder = std::getenv("STATE_DIRECTORY")) place.state_dir = folder;
  return place;
}

}  // namespace

int code_of(const LedgerRefusal& refusal) {
  return refusal.is_busy || refusal.is_passing ? exit_code::try_later : exit_code::configuration;
}

std::variant<TakenSpool, SpoolRefusal> take_spool(const Settings& settings) {
  const std::string& path = settings.spool.path;
  auto locked = lock_spool(path);
  if (auto* const refusal = std::get_if<SpoolRefusal>(&locked)) return std::move(*refusal);
  UniqueFd& fd = std::get<UniqueFd>(locked);
  if (auto refusal = check_writable(fd.get(), path)) return std::move(*refusal);
  if (auto overlap = find_overlap(path)) return SpoolRefusal{exit_code::configuration, std::move(*overlap)};
  auto opened = open_ledger(place_ledger(settings, fd.get()));
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&opened))
    return SpoolRefusal{code_of(*refusal), refusal->reason};
  auto& ledger = std::get<OpenLedger>(opened);
  try {
    Recovered recovered =
        recover(*ledger.store, fd.get(), desk_rules(settings.submit), std::chrono::system_clock::now());
    return TakenSpool{std::move(fd), path, std::move(ledger), std::move(recovered)};
  } catch (const SqliteError& error) {
    return SpoolRefusal{may_pass(error.system_code) ? exit_code::try_later : exit_code::failed,
                        std::string("what the last run has left open cannot be settled: ") + error.what()};
  }
}

}  // namespace reeld
