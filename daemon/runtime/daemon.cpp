#include "runtime/daemon.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <thread>

#include "ledger/open_ledger.hpp"
#include "ledger/spool_neighbours.hpp"
#include "runtime/composition.hpp"
#include "runtime/log_events.hpp"
#include "runtime/process.hpp"
#include "runtime/recovery.hpp"
#include "settings/exit_code.hpp"
#include "sys/lock.hpp"

namespace reeld {
namespace {

int complain(int code, const std::string& message) {
  std::fprintf(stderr, "reeld: %s\n", message.c_str());
  return code;
}

bool is_taken(const std::variant<UniqueFd, SysError>& locked) {
  const auto* const error = std::get_if<SysError>(&locked);
  return error != nullptr && error->code == EWOULDBLOCK;
}

/// The spool, opened and locked: one descriptor does for both.
std::variant<UniqueFd, int> take_spool(const std::string& path) {
  auto locked = lock_folder(path);
  // A command that asks whether anybody serves the spool holds its lock for an instant.
  for (int tries = 0; tries < 5 && is_taken(locked); ++tries) {
    std::this_thread::sleep_for(milliseconds(20));
    locked = lock_folder(path);
  }
  if (auto* const fd = std::get_if<UniqueFd>(&locked)) return std::move(*fd);
  const SysError& error = std::get<SysError>(locked);
  if (error.code == EWOULDBLOCK) {
    return complain(exit_code::try_later,
                    "the spool " + path + " is served by another reeld already; there can be one only");
  }
  return complain(exit_code::configuration,
                  error.message + "; create the folder, or name another with [spool] path or --spool");
}

/// A disk that is full today need not be tomorrow: only what takes a person is "configuration".
int code_of(const LedgerRefusal& refusal) {
  if (refusal.is_busy) return exit_code::try_later;
  return refusal.is_passing ? exit_code::failed : exit_code::configuration;
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

int run_daemon(const DaemonOptions& options) {
  prepare_process();
  std::unique_ptr<SpoolLog> log;
  try {
    log = std::make_unique<SpoolLog>(options.settings.log);
  } catch (const std::system_error& error) {
    return complain(exit_code::configuration, error.what());
  }
  auto spool = take_spool(options.settings.spool.path);
  if (const int* const code = std::get_if<int>(&spool)) return *code;
  boost::asio::io_context loop(1);
  auto side = make_api_side(loop.get_executor(), options.settings, options.api_key);
  if (const auto* const reason = std::get_if<std::string>(&side))
    return complain(exit_code::configuration, *reason);
  const int spool_fd = std::get<UniqueFd>(spool).get();
  if (const auto overlap = find_overlap(options.settings.spool.path))
    return complain(exit_code::configuration, *overlap);
  auto ledger = open_ledger(place_ledger(options.settings, spool_fd));
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&ledger))
    return complain(code_of(*refusal), refusal->reason);
  auto& opened = std::get<OpenLedger>(ledger);
  Recovered recovered;
  try {
    recovered = recover(*opened.store, spool_fd, desk_rules(options.settings.submit),
                        std::chrono::system_clock::now());
  } catch (const SqliteError& error) {
    return complain(exit_code::failed,
                    std::string("what the last run has left open cannot be settled: ") + error.what());
  }
  Composition daemon(loop, options, spool_fd, *log, std::move(std::get<std::shared_ptr<ApiSide>>(side)),
                     std::move(opened), std::move(recovered));
  return daemon.run();
}

}  // namespace reeld
