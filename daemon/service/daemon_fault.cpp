// What becomes of a daemon in which something has gone wrong that nobody expected: memory has run out, or a
// fault of reeld's own. What was under way there is half done, and nobody looks after it any more; a start
// does. So it stops as it would when asked to, for the others may still get the answers that they have paid
// for, and ends with 1: a service manager starts it anew.

#include <unistd.h>

#include <csignal>
#include <string>
#include <string_view>

#include "async/task_group.hpp"
#include "log/log_events.hpp"
#include "service/daemon.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

constexpr auto grace = std::chrono::seconds(10);  // for what is to be written

std::string describe(const std::exception_ptr& fault) {
  try {
    std::rethrow_exception(fault);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of no known kind";
  }
}

struct Fault {
  std::string task;
  std::string what;
};

Fault look_into(const std::exception_ptr& fault) {
  try {
    std::rethrow_exception(fault);
  } catch (const TaskFault& task) {
    return {std::string(task.task), describe(task.failure)};
  } catch (...) {
    return {"event loop", describe(fault)};
  }
}

/// Takes no memory, and may be called by a signal.
[[noreturn]] void end_at_once(std::string_view text) {
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) < 0);
  ::_exit(exit_code::failed);
}

/// What is left half done may keep the loop from ever being idle.
void end_by_alarm(std::chrono::seconds longest) {
  std::signal(SIGALRM,
              [](int) { end_at_once("reeld: a fault in reeld itself has left it waiting for nothing\n"); });
  ::alarm(static_cast<unsigned>(longest.count()));
}

}  // namespace

/// A handler that has thrown is over; the loop can go on with the others.
void Daemon::run_loop() {
  for (;;) {
    try {
      loop_.run();
      return;
    } catch (...) {
      end_after(std::current_exception());
    }
  }
}

void Daemon::end_after(std::exception_ptr fault) {
  try {
    const bool is_first = !std::exchange(is_faulty_, true);
    const Fault found = look_into(fault);
    log_.error(
        event::daemon_failed,
        "a fault in reeld itself: " + found.what + "; it stops, ends with 1, and should be started anew",
        {{"task", found.task}});
    if (!is_first) return;
    const bool is_awaiting = spools_.count_all().in_flight > 0;
    const milliseconds answers = is_awaiting ? current_settings().submit.drain_timeout : milliseconds(0);
    end_by_alarm(std::chrono::duration_cast<std::chrono::seconds>(answers) + grace);
    begin_stop("a fault in reeld itself");
  } catch (...) {
    end_at_once("reeld: a fault in reeld itself, and no memory to deal with it\n");
  }
}

}  // namespace reeld
