#include "log/journal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace reeld {
namespace {

/// $JOURNAL_STREAM for as long as it lives.
class StreamName {
 public:
  explicit StreamName(const std::string& value) { ::setenv("JOURNAL_STREAM", value.c_str(), 1); }
  ~StreamName() { ::unsetenv("JOURNAL_STREAM"); }
  StreamName(const StreamName&) = delete;
  StreamName& operator=(const StreamName&) = delete;
};

std::string name_of(int fd) {
  struct ::stat status {};
  EXPECT_EQ(::fstat(fd, &status), 0);
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

TEST(JournalStream, IsTheDescriptorThatTheVariableNames) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  const UniqueFd other(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  EXPECT_FALSE(is_journal_stream(writer.get())) << "not named at all";
  const StreamName name(name_of(writer.get()));
  EXPECT_TRUE(is_journal_stream(writer.get()));
  EXPECT_FALSE(is_journal_stream(other.get())) << "redirected: the variable is still there";
  EXPECT_FALSE(is_journal_stream(-1));
}

TEST(JournalStream, AVariableThatIsNoSuchNameIsNone) {
  const UniqueFd fd(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  for (const char* const value : {"", ":", "1", "a:b", "0:0"}) {
    const StreamName name(value);
    EXPECT_FALSE(is_journal_stream(fd.get())) << value;
  }
}

// What it does where there is a journal, tests/e2e/test_log_journal.py tries.
TEST(Journal, SaysWhereItLookedInVain) {
  if (::access("/run/systemd/journal/socket", F_OK) == 0) GTEST_SKIP() << "there is a journal here";
  const auto opened = Journal::open();
  ASSERT_TRUE(std::holds_alternative<SysError>(opened));
  EXPECT_EQ(std::get<SysError>(opened).message,
            "reach the journal at /run/systemd/journal/socket: No such file or directory");
}

}  // namespace
}  // namespace reeld
