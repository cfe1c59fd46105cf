#include "commands/hidden_input.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace reeld {
namespace {

constexpr std::array<int, 4> ending_signals{SIGINT, SIGTERM, SIGQUIT, SIGHUP};

// What a signal handler can reach.
int terminal = -1;
termios shown{};
std::array<struct sigaction, ending_signals.size()> former{};

void show() {
  if (terminal >= 0) ::tcsetattr(terminal, TCSANOW, &shown);
  terminal = -1;
  for (std::size_t i = 0; i < ending_signals.size(); ++i) ::sigaction(ending_signals[i], &former[i], nullptr);
}

/// tcsetattr, sigaction and raise are safe in a handler (POSIX.1-2017, 2.4.3).
void show_and_end(int signal) {
  show();
  ::raise(signal);
}

}  // namespace

HiddenInput::HiddenInput(int fd) {
  if (::tcgetattr(fd, &shown) != 0) return;
  terminal = fd;
  struct sigaction action {};
  action.sa_handler = show_and_end;
  for (std::size_t i = 0; i < ending_signals.size(); ++i) ::sigaction(ending_signals[i], &action, &former[i]);
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  // A shell shows what is typed once it has the terminal again, and does not know to hide it for us.
  hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
  ::tcsetattr(fd, TCSAFLUSH, &hidden);
}

HiddenInput::~HiddenInput() {
  if (terminal >= 0) show();
}

}  // namespace reeld
