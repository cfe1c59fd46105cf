#include "runtime/retention.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "sys/temp_folder.hpp"

namespace reeld {
namespace {

std::uint64_t inode_of(const TempFolder& folder, const std::string& name) {
  struct ::stat status {};
  EXPECT_EQ(::stat((folder / name).c_str(), &status), 0);
  return status.st_ino;
}

TEST(Retention, AJobIsGoneWhenNeitherOfItsFilesIsAnywhere) {
  const TempFolder spool;
  spool.make_folder("a/b");
  spool.write("a/b/s.txt", "x");
  spool.write("t.png", "x");
  const std::uint64_t unknown = ~std::uint64_t{0};
  const std::vector<FinishedJob> jobs{{1, inode_of(spool, "a/b/s.txt"), unknown},
                                      {2, unknown - 1, inode_of(spool, "t.png")},
                                      {3, unknown - 2, unknown - 3}};
  EXPECT_THAT(list_gone(spool.fd(), jobs), ::testing::ElementsAre(3));
}

TEST(Retention, NothingIsGoneWhereTheSpoolCannotBeRead) {
  EXPECT_THAT(list_gone(-1, {{1, 2, 3}}), ::testing::IsEmpty());
}

}  // namespace
}  // namespace reeld
