#include "log/terminal_line.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>

#include "log/log_events.hpp"

namespace reeld {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const SystemTime noon =
    SystemTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 30)) + std::chrono::hours(12);

class TerminalLine : public ::testing::Test {
 protected:
  TerminalLine() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
  std::string format(LogLevel level, std::string_view message, const LogFields& fields) const {
    return format_terminal_line(noon, level, event::job_accepted, message, fields, terminal_);
  }

  Terminal terminal_{100, false};
};

TEST_F(TerminalLine, HasTheTimeTheEventThePairAndWhatIsSaid) {
  EXPECT_EQ(format(LogLevel::info, "the API created job video_1", {{"job", "films/a"}, {"bytes", 7}}),
            "12:00:00 job.accepted       films/a: the API created job video_1");
}

TEST_F(TerminalLine, SaysNothingTwice) {
  EXPECT_EQ(format(LogLevel::info, "sending films/a", {{"job", "films/a"}}),
            "12:00:00 job.accepted       sending films/a");
  EXPECT_THAT(format(LogLevel::info, "no: it is full", {{"reason", "it is full"}}),
              EndsWith(" no: it is full"));
  EXPECT_THAT(format(LogLevel::info, "no", {{"reason", "it is full"}}), EndsWith(" no: it is full"));
}

TEST_F(TerminalLine, TheReasonComesFirstWhereSomethingIsWrong) {
  EXPECT_THAT(format(LogLevel::warning, "not submitted", {{"job", "a"}, {"reason", "it is cut"}}),
              EndsWith(" a: it is cut; not submitted"));
}

TEST_F(TerminalLine, IsCutToTheScreen) {
  terminal_.columns = 40;
  const std::string line = format(LogLevel::info, std::string(50, 'x'), {});
  EXPECT_EQ(line, "12:00:00 job.accepted       xxxxxxxxxxx…");
  EXPECT_EQ(format(LogLevel::info, std::string(12, 'x'), {}), "12:00:00 job.accepted       xxxxxxxxxxxx");
  EXPECT_THAT(format(LogLevel::info, "视频视频视频视频视频视频视频", {}),
              EndsWith("视频视频视频视频视频视…"));
}

TEST_F(TerminalLine, IsColouredByWhatItMeans) {
  terminal_.has_colour = true;
  EXPECT_THAT(format(LogLevel::error, "m", {}), StartsWith("\x1b[1;31m12:"));
  EXPECT_THAT(format(LogLevel::warning, "m", {}), StartsWith("\x1b[33m12:"));
  EXPECT_THAT(format(LogLevel::info, "m", {}), StartsWith("\x1b[32m12:")) << "accepted";
  EXPECT_THAT(format(LogLevel::info, "m", {}), EndsWith("\x1b[0m"));
  EXPECT_THAT(format_terminal_line(noon, LogLevel::info, "pair.ready", "m", {}, terminal_),
              Not(HasSubstr("\x1b")));
}

TEST_F(TerminalLine, SteersNoTerminal) {
  EXPECT_THAT(format(LogLevel::info, "a\x1b[2J\nb", {{"job", "x\ty"}}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(format(LogLevel::info, "a\u202eb", {}), Not(HasSubstr("\u202e")));
}

TEST_F(TerminalLine, IsForTerminalsAlone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_FALSE(find_terminal(ends[1]));
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  ::setenv("TERM", "xterm", 1);
  ::unsetenv("NO_COLOR");
  ASSERT_TRUE(find_terminal(terminal));
  EXPECT_TRUE(find_terminal(terminal)->has_colour);
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(find_terminal(terminal)->has_colour);
  ::unsetenv("NO_COLOR");
  ::setenv("TERM", "dumb", 1);
  EXPECT_FALSE(find_terminal(terminal)->has_colour);
  for (const int fd : {ends[0], ends[1], terminal}) ::close(fd);
}

}  // namespace
}  // namespace reeld
