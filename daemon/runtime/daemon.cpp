#include "runtime/daemon.hpp"

#include <cstdio>
#include <system_error>

#include "codec/terminal_text.hpp"
#include "runtime/composition.hpp"
#include "runtime/process.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

int complain(int code, const std::string& message) {
  std::fprintf(stderr, "reeld: %s\n", escape_steering(message).c_str());  // it may quote what lies in a spool
  return code;
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
  log->hide(options.api_key);
  boost::asio::io_context loop(1);
  auto side = make_api_side(loop.get_executor(), options.settings, options.api_key);
  if (const auto* const reason = std::get_if<std::string>(&side))
    return complain(exit_code::configuration, *reason);
  auto spool = take_spool(options.settings);
  if (const auto* const refusal = std::get_if<SpoolRefusal>(&spool))
    return complain(refusal->exit_code, refusal->reason);
  Composition daemon(loop, options, *log, std::move(std::get<std::shared_ptr<ApiSide>>(side)),
                     std::move(std::get<TakenSpool>(spool)));
  return daemon.run();
}

}  // namespace reeld
