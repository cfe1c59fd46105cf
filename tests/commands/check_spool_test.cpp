#include "commands/check/check_spool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CheckSpool : public testing::Test {
 protected:
  // What goes to standard error.
  std::string check(const std::string& path) {
    SpoolSettings spool;
    spool.path = path;
    out.str("");
    std::ostringstream err;
    CheckReport report(out, err);
    check_spool(spool, report);
    EXPECT_EQ(report.has_problems(), !err.str().empty());
    return err.str();
  }

  TempFolder folder;
  std::ostringstream out;
};

TEST_F(CheckSpool, AFolderIsFine) {
  EXPECT_EQ(check(folder.path()), "");
  EXPECT_THAT(out.str(), StartsWith("spool         " + folder.path() + ", with its sub-folders; "));
}

TEST_F(CheckSpool, ItMustBeThereAndAFolder) {
  EXPECT_EQ(check(folder / "missing"), "reeld: open the spool " + folder.path() +
                                           "/missing: No such file or directory; create the directory, owned "
                                           "by the user that reeld runs as, or name "
                                           "another\n");
  folder.write("file", "");
  EXPECT_THAT(check(folder / "file"), HasSubstr("/file: Not a directory; "));
}

TEST_F(CheckSpool, ItMustBeWritable) {
  folder.make_folder("in");
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod((folder / "in").c_str(), 0555), 0);
  // Root may write anywhere; anybody else will do.
  const uid_t self = ::geteuid();
  constexpr uid_t nobody = 65534;
  if (self == 0) {
    ASSERT_EQ(::seteuid(nobody), 0);
  }
  const std::string said = check(folder / "in");
  ASSERT_EQ(::seteuid(self), 0);
  EXPECT_EQ(said, "reeld: write to the spool " + folder.path() +
                      "/in: Permission denied; results are written beside their pairs, so reeld's user needs "
                      "to write there\n");
}

TEST_F(CheckSpool, ItsOwnMarkerIsFine) {
  folder.make_folder(".reeld");
  folder.write(".reeld/spool", "");
  EXPECT_EQ(check(folder.path()), "");
}

TEST_F(CheckSpool, NoSpoolLiesWithinAnother) {
  folder.make_folder(".reeld");
  folder.write(".reeld/spool", "");
  folder.make_folder("a/b");
  EXPECT_EQ(check(folder / "a/b"), "reeld: spool " + folder.path() + "/a/b lies within another spool, " +
                                       folder.path() + "; choose a folder outside it\n");
}

TEST_F(CheckSpool, NoSpoolHasAnotherWithinIt) {
  folder.make_folder("a/b/.reeld");
  folder.write("a/b/.reeld/spool", "");
  folder.make_folder(".hidden/.reeld");
  folder.write(".hidden/.reeld/spool", "");
  EXPECT_EQ(check(folder.path()), "reeld: spool " + folder.path() + " has another spool within it, " +
                                      folder.path() + "/a/b; choose a folder without one\n");
}

}  // namespace
}  // namespace reeld
