#include "service/retention.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "support/temp_folder.hpp"

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
  const auto make_job = [](std::int64_t id, std::uint64_t prompt, std::uint64_t image) {
    return FinishedJob{id, {"a/b", "gone" + std::to_string(id)}, "gone.txt", "gone.png", prompt, image};
  };
  FinishedJob restored = make_job(4, unknown - 4, unknown - 5);
  restored.prompt_name = "s.txt";
  const std::vector<FinishedJob> jobs{make_job(1, inode_of(spool, "a/b/s.txt"), unknown),
                                      make_job(2, unknown - 1, inode_of(spool, "t.png")),
                                      make_job(3, unknown - 2, unknown - 3), restored};
  EXPECT_THAT(find_missing(spool.fd(), jobs), ::testing::ElementsAre(3))
      << "the fourth has other inodes, and lies where it did";
}

TEST(Retention, NothingIsGoneWhereTheSpoolCannotBeRead) {
  EXPECT_THAT(find_missing(-1, {FinishedJob{}}), ::testing::IsEmpty());
}

}  // namespace
}  // namespace reeld
