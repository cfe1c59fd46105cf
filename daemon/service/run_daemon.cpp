#include "service/run_daemon.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <cstdio>
#include <new>
#include <system_error>

#include "codec/terminal_text.hpp"
#include "service/daemon.hpp"
#include "settings/exit_code.hpp"
#include "sys/epoll_watches.hpp"
#include "sys/passing_trouble.hpp"
#include "sys/process_setup.hpp"

namespace reeld {
namespace {

int complain(int code, const std::string& message) {
  std::fprintf(stderr, "reeld: %s\n", escape_steering(message).c_str());  // it may quote what lies in a spool
  return code;
}

/// By its timers, and by other threads: two descriptors that it watches from the time it has a timer.
bool can_be_woken(boost::asio::io_context& loop) {
  const boost::asio::steady_timer timer(loop);
  return count_epoll_watches().value_or(2) >= 2;
}

int start_and_run(const DaemonOptions& options) {
  prepare_process();
  std::unique_ptr<EventLog> log;
  try {
    log = std::make_unique<EventLog>(options.settings.log);
  } catch (const std::system_error& error) {
    return complain(exit_code::of_trouble(may_pass(error.code().value())), error.what());
  }
  log->hide(list_secrets(options.settings.api, options.credentials));
  boost::asio::io_context loop(1);
  if (!can_be_woken(loop))
    return complain(
        exit_code::try_later,
        "start the event loop: the kernel refused to add an epoll watch; it is out of memory, or the limit "
        "fs.epoll.max_user_watches is reached");
  auto context = make_api_context(loop.get_executor(), options.settings, options.credentials);
  if (const auto* const reason = std::get_if<std::string>(&context))
    return complain(exit_code::configuration, *reason);
  auto spool = take_spool(options.settings);
  if (const auto* const refusal = std::get_if<SpoolRefusal>(&spool))
    return complain(refusal->exit_code, refusal->reason);
  Daemon daemon(loop, options, *log, std::move(std::get<std::shared_ptr<ApiContext>>(context)),
                std::move(std::get<TakenSpool>(spool)));
  return daemon.run();
}

}  // namespace

/// What is caught here came before the loop ran: no pair was touched.
int run_daemon(const DaemonOptions& options) {
  try {
    return start_and_run(options);
  } catch (const std::system_error& error) {
    return complain(exit_code::of_failure(may_pass(error.code().value())), error.what());
  } catch (const boost::system::system_error& error) {
    return complain(exit_code::of_failure(may_pass(error.code().value())),
                    std::string("start: ") + error.what());
  } catch (const std::bad_alloc&) {
    return complain(exit_code::try_later, "there is no memory left to start with");
  }
}

}  // namespace reeld
