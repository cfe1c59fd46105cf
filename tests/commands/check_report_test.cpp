#include "commands/check/check_report.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace reeld {
namespace {

TEST(CheckReport, FindingsGoOutAndTroubleGoesToErr) {
  std::ostringstream out;
  std::ostringstream err;
  CheckReport report(out, err);
  report.say("spool", "/srv/in");
  report.say("a-very-long-label", "x");
  report.warn("careful");
  EXPECT_FALSE(report.has_problems());
  report.complain("broken");
  EXPECT_TRUE(report.has_problems());
  EXPECT_EQ(out.str(), "spool         /srv/in\na-very-long-label x\n");
  EXPECT_EQ(err.str(), "reeld: warning: careful\nreeld: broken\n");
}

TEST(MakePrintable, KeepsOneLineAndTheTerminalSafe) {
  EXPECT_EQ(make_printable("a\nb\r\t\x1b[31m\x7f"), "a\\nb\\r\\t\\x1b[31m\\x7f");
  EXPECT_EQ(make_printable("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(make_printable("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(make_printable("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace reeld
