#include "runtime/daemon.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "runtime/composition.hpp"
#include "runtime/log_events.hpp"
#include "runtime/process.hpp"
#include "settings/exit_code.hpp"
#include "sys/lock.hpp"

namespace reeld {
namespace {

int complain(int code, const std::string& message) {
  std::fprintf(stderr, "reeld: %s\n", message.c_str());
  return code;
}

/// The spool, opened and locked: one descriptor does for both.
std::variant<UniqueFd, int> take_spool(const std::string& path) {
  auto locked = lock_folder(path);
  if (auto* const fd = std::get_if<UniqueFd>(&locked)) return std::move(*fd);
  const SysError& error = std::get<SysError>(locked);
  if (error.code == EWOULDBLOCK) {
    return complain(exit_code::try_later,
                    "the spool " + path + " is served by another reeld already; there can be one only");
  }
  return complain(exit_code::configuration,
                  error.message + "; create the folder, or name another with [spool] path or --spool");
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
  Composition daemon(loop, options, std::get<UniqueFd>(spool).get(), *log,
                     std::move(std::get<std::shared_ptr<ApiSide>>(side)));
  return daemon.run();
}

}  // namespace reeld
