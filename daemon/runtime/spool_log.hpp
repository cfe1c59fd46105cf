#pragma once
// The log that reeld writes: lines on standard output and, where asked for, in a file.
//
// Errors: the constructor throws std::system_error when the file cannot be opened.

#include <deque>
#include <memory>

#include "runtime/log.hpp"

namespace reeld {

/// One line, without its newline.
std::string format_json_line(SystemTime at, LogLevel level, std::string_view event, std::string_view message,
                             const LogFields& fields);
/// "2026-11-22T10:11:12.345Z INFO  job.accepted  the API created job video_1  job=a/b id=video_1".
std::string format_text_line(SystemTime at, LogLevel level, std::string_view event, std::string_view message,
                             const LogFields& fields);

/// A line of the level `error`, kept for `reeld status`.
struct LastError {
  SystemTime at;
  std::string event;
  std::string reason;  // the event's own, or its message where it has none
  std::string job{};   // "" where it is about none
};

class SpoolLog : public Log {
 public:
  explicit SpoolLog(const LogSettings& settings);
  ~SpoolLog() override;
  void write(LogLevel level, std::string_view event, std::string_view message, LogFields fields) override;
  /// Opens the file anew, after it was moved away (log rotation). Keeps the old one where that fails.
  void reopen();
  /// The latest few, oldest first.
  const std::deque<LastError>& recent_errors() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
