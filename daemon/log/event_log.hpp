#pragma once
// The log that reeld writes: lines on standard output and, where asked for, in a file; or the journal instead
// of standard output.
//
// Unless a format is asked for, lines are for people where standard output is a terminal (log/terminal_line),
// else JSON; in a file they are JSON. Where standard output leads to the journal, each line there has its
// priority before it ("<4>"). Where there is no journal for format = "journal", the events go to standard
// output as JSON, and that is said once (log.failed). What cannot be written is dropped and counted, never
// waited for long: see log/line_writer.
//
// Lifetime: borrows the descriptor of standard output. Threads: the loop's.

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "core/secrets.hpp"
#include "log/log.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

/// A line of the level `error`, kept for `reeld status`.
struct LastError {
  SystemTime at;
  std::string event;
  std::string reason;  // the event's own, or its message where it has none
  std::string job{};   // "" where it is about none
};

class EventLog : public Log {
 public:
  static constexpr int standard_output = 1;

  /// Throws std::system_error when the file cannot be opened.
  explicit EventLog(const LogSettings& settings, int out = standard_output);
  ~EventLog() override;
  void write(LogLevel level, std::string_view event, std::string_view message, LogFields fields) override;
  /// From now on those are in no line: whatever an API answers, whoever quotes it.
  void hide(const Secrets& secrets);
  /// Opens the file anew, after it was moved away (log rotation), and looks for a journal that was not there.
  /// Keeps the old file where that fails, and says so.
  void reopen();
  /// From now on by these settings. Where the file cannot be opened nothing changes.
  std::optional<SysError> change(const LogSettings& settings);
  /// The latest few, oldest first.
  const std::deque<LastError>& recent_errors() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
