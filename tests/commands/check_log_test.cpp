#include "commands/check/check_log.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "log/line_writer.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

class CheckLog : public testing::Test {
 protected:
  std::string check(const std::string& file) {
    LogSettings log;
    log.file = file;
    std::ostringstream out;
    std::ostringstream err;
    CheckReport report(out, err);
    check_log(log, report);
    EXPECT_EQ(report.has_problems(), !err.str().empty());
    EXPECT_EQ(out.str(), file.empty() ? "" : "log file      " + file + "\n");
    return err.str();
  }

  TempFolder folder;
};

TEST_F(CheckLog, NoFileIsNoProblem) {
  EXPECT_EQ(check(""), "");
}

TEST_F(CheckLog, AFileIsNeitherMadeNorChanged) {
  EXPECT_EQ(check(folder / "new.log"), "");
  EXPECT_FALSE(folder.holds("new.log"));
  folder.write("old.log", "a line\n");
  EXPECT_EQ(check(folder / "old.log"), "");
  EXPECT_EQ(folder.read("old.log"), "a line\n");
}

TEST_F(CheckLog, WhatCannotBeOpenedIsAProblemAsItIsAtAStart) {
  folder.write("file", "");
  folder.make_folder("folder.log");
  for (const char* const name : {"missing/reeld.log", "file/reeld.log", "folder.log"}) {
    const std::string path = folder / name;
    const UniqueFd fd = open_log_file(path);
    const std::string why = std::generic_category().message(errno);
    EXPECT_FALSE(fd) << name;
    EXPECT_EQ(check(path), "reeld: open the log file " + path + ": " + why + "\n");
  }
}

}  // namespace
}  // namespace reeld
