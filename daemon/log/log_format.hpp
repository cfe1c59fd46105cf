#pragma once
// An event of the log as a line, or as an entry of systemd's journal. Text that is not UTF-8 is made so.

#include <string>
#include <string_view>
#include <vector>

#include "log/log.hpp"

namespace reeld {

/// One line, without its newline.
std::string format_json_line(SystemTime at, LogLevel level, std::string_view event, std::string_view message,
                             const LogFields& fields);
/// "2026-11-22T10:11:12.345Z INFO  job.accepted  the API created job video_1  job=a/b id=video_1".
std::string format_text_line(SystemTime at, LogLevel level, std::string_view event, std::string_view message,
                             const LogFields& fields);

/// MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, REELD_EVENT, then each field as REELD_ and its name in capitals:
/// "REELD_JOB=projectA/scene1". Values may hold newlines. Source: systemd.journal-fields(7).
std::vector<std::string> make_journal_entry(LogLevel level, std::string_view event, std::string_view message,
                                            const LogFields& fields);

/// syslog(3)'s number: 3, 4, 6 or 7.
int priority_of(LogLevel level);

}  // namespace reeld
