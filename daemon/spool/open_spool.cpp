#include "spool/open_spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <thread>

#include "ledger/spool_neighbours.hpp"
#include "ledger/sqlite.hpp"
#include "settings/exit_code.hpp"
#include "sys/lock.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {
namespace {

bool is_taken(const std::variant<UniqueFd, SysError>& locked) {
  const auto* const error = std::get_if<SysError>(&locked);
  return error != nullptr && error->code == EWOULDBLOCK;
}

std::variant<UniqueFd, SpoolRefusal> open_folder(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) return fd;
  const SysError error = make_sys_error("open the folder", path, errno);
  if (may_pass(error.code)) return SpoolRefusal{exit_code::try_later, error.message};
  return SpoolRefusal{exit_code::configuration,
                      error.message + "; create the folder, or name another with [spool] path or --spool"};
}

using Lock = std::variant<UniqueFd, SysError> (*)(int folder_fd, std::string_view path);

/// No descriptor where nothing is there to be locked.
std::variant<UniqueFd, SpoolRefusal> lock_spool(Lock lock, int fd, const std::string& path) {
  auto locked = lock(fd, path);
  // A command that asks whether anybody serves the spool may hold its lock for an instant.
  for (int tries = 0; tries < 5 && is_taken(locked); ++tries) {
    std::this_thread::sleep_for(milliseconds(20));
    locked = lock(fd, path);
  }
  if (auto* const held = std::get_if<UniqueFd>(&locked)) return std::move(*held);
  if (is_taken(locked)) {
    return SpoolRefusal{exit_code::try_later,
                        "the spool " + path + " is served by another reeld already; there can be one only"};
  }
  const SysError& error = std::get<SysError>(locked);
  // What forbids it is said better by what is looked at next.
  const bool is_told_later = error.code == ENOENT || error.code == EROFS || error.code == EACCES;
  if (is_told_later && lock == lock_used_spool_folder) return UniqueFd();
  if (may_pass(error.code)) return SpoolRefusal{exit_code::try_later, error.message};
  const bool is_others = error.code == EACCES || error.code == EPERM;
  return SpoolRefusal{
      exit_code::configuration,
      error.message + (is_others ? "; give .reeld, and all in it, to the user that reeld runs as" : "")};
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
  return SpoolRefusal{exit_code::of_trouble(may_pass(code)), std::move(reason)};
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
  if (refusal.is_busy) return exit_code::try_later;
  if (refusal.is_forbidden) return exit_code::failed;
  return exit_code::of_trouble(refusal.is_passing);
}

namespace {

/// Whoever gives a command can give it as another user. A service cannot: to start it again changes nothing.
SpoolRefusal refuse_ledger(const LedgerRefusal& refusal) {
  return {refusal.is_forbidden ? exit_code::configuration : code_of(refusal), refusal.reason};
}

/// What is there to be locked is locked first: so a spool that is served is known as such. Where nothing is
/// there yet, nothing is made in a folder that is then refused: it may be an empty mount point.
std::variant<UniqueFd, SpoolRefusal> take_lock(const LedgerPlace& place) {
  auto held = lock_spool(lock_used_spool_folder, place.spool_fd, place.spool_path);
  if (auto* const refusal = std::get_if<SpoolRefusal>(&held)) return std::move(*refusal);
  if (auto refusal = check_writable(place.spool_fd, place.spool_path)) return std::move(*refusal);
  if (auto overlap = find_overlap(place.spool_path))
    return SpoolRefusal{exit_code::configuration, std::move(*overlap)};
  if (std::get<UniqueFd>(held)) return held;
  if (const auto fault = find_fault_with(place)) return refuse_ledger(*fault);
  return lock_spool(lock_spool_folder, place.spool_fd, place.spool_path);
}

}  // namespace

std::variant<TakenSpool, SpoolRefusal> take_spool(const Settings& settings) {
  const std::string& path = settings.spool.path;
  auto folder = open_folder(path);
  if (auto* const refusal = std::get_if<SpoolRefusal>(&folder)) return std::move(*refusal);
  UniqueFd& fd = std::get<UniqueFd>(folder);
  const LedgerPlace place = place_ledger(settings, fd.get());
  auto locked = take_lock(place);
  if (auto* const refusal = std::get_if<SpoolRefusal>(&locked)) return std::move(*refusal);
  auto opened = open_ledger(place);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&opened)) return refuse_ledger(*refusal);
  auto& ledger = std::get<OpenLedger>(opened);
  try {
    Recovered recovered = recover(*ledger.store, fd.get(), settings.submit, std::chrono::system_clock::now());
    return TakenSpool{std::move(fd), std::move(std::get<UniqueFd>(locked)), path, std::move(ledger),
                      std::move(recovered)};
  } catch (const SqliteError& error) {
    return SpoolRefusal{exit_code::of_failure(may_pass(error.system_code)),
                        std::string("what the last run has left open cannot be settled: ") + error.what()};
  }
}

}  // namespace reeld
