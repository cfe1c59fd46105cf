#include "sys/durable_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

std::size_t count_names(const TempFolder& folder) {
  const std::filesystem::directory_iterator names(folder.path());
  return static_cast<std::size_t>(std::distance(begin(names), end(names)));
}

TEST(WriteWhole, WritesReplacesAndLeavesNothingElse) {
  const TempFolder folder;
  EXPECT_FALSE(write_whole(folder.fd(), "f", "a.job.json", "first"));
  EXPECT_EQ(folder.read("a.job.json"), "first");
  const std::string large(300'000, 'x');
  EXPECT_FALSE(write_whole(folder.fd(), "f", "a.job.json", large));
  EXPECT_EQ(folder.read("a.job.json"), large);
  EXPECT_EQ(count_names(folder), 1u);
  EXPECT_FALSE(sync_folder(folder.fd(), "f"));
}

TEST(WriteWhole, GivesTheModeWhateverTheUmask) {
  const TempFolder folder;
  const auto before = ::umask(077);
  EXPECT_FALSE(write_whole(folder.fd(), "", "a", "x"));
  ::umask(before);
  struct ::stat info {};
  ASSERT_EQ(::stat((folder / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0664u);
}

TEST(WriteWhole, GivesTheFoldersGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs to give a folder to another group";
  const TempFolder folder;
  ASSERT_EQ(::chown(folder.path().c_str(), 0, 12345), 0);
  EXPECT_FALSE(write_whole(folder.fd(), "", "a", "x"));
  struct ::stat info {};
  ASSERT_EQ(::stat((folder / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_gid, 12345u);
}

/// From here on this thread's fchown and fchmod fail, as they do on some file systems.
bool forbid_owners_and_modes(int code) {
  sock_filter rules[] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},  // the call's number
                         {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SYS_fchown},
                         {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_fchmod},
                         {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(code)},
                         {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
  const sock_fprog program{std::size(rules), rules};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST(WriteWhole, WritesWhereNeitherGroupNorModeCanBeGiven) {
  for (const int code : {EPERM, EINVAL, ENOSYS, EOPNOTSUPP}) {
    const TempFolder folder;
    bool is_forbidden = false;
    std::optional<SysError> error;
    std::thread([&] {
      is_forbidden = forbid_owners_and_modes(code) && ::fchmod(folder.fd(), 0700) != 0;
      error = write_whole(folder.fd(), "", "a", "paid for");
    }).join();
    if (!is_forbidden) GTEST_SKIP() << "needs seccomp";
    EXPECT_FALSE(error) << error->message;
    EXPECT_EQ(folder.read("a"), "paid for");
    EXPECT_EQ(count_names(folder), 1u);
  }
}

TEST(WriteWhole, LeavesNothingBehindOnFailure) {
  const TempFolder folder;
  folder.make_folder("taken");
  const auto error = write_whole(folder.fd(), "sub", "taken", "x");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, EISDIR);
  EXPECT_EQ(error->message, "write sub/taken: Is a directory");
  EXPECT_EQ(count_names(folder), 1u);
}

TEST(DurableFile, HasItsNameWithTheLastStepOnly) {
  const TempFolder folder;
  DurableFile first(folder.fd(), "f", "a");
  DurableFile second(folder.fd(), "f", "b");
  EXPECT_FALSE(first.write("one"));
  EXPECT_FALSE(second.write("two"));
  EXPECT_FALSE(first.sync());
  EXPECT_FALSE(second.sync());
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
  EXPECT_FALSE(first.rename());
  EXPECT_FALSE(second.rename());
  EXPECT_EQ(folder.read("a") + folder.read("b"), "onetwo");
}

TEST(DurableFile, IsGoneIfItNeverGetsItsName) {
  const TempFolder folder;
  {
    DurableFile given_up(folder.fd(), "f", "a");
    EXPECT_FALSE(given_up.write("x"));
    DurableFile moved(std::move(given_up));
    EXPECT_EQ(count_names(folder), 1u);
  }
  EXPECT_EQ(count_names(folder), 0u);
}

TEST(WriteWhole, SaysWhereItCouldNotWrite) {
  const auto error = write_whole(-1, "sub", "a", "x");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "create sub/a: Bad file descriptor");
  const auto sync = sync_folder(-1, "sub");
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->code, EBADF);
}

TEST(SyncFolder, WhereAFolderCannotBeSyncedNothingIsLeftToDo) {
  const TempFolder folder;
  // fsync says EBADF to the first, as some network file systems do for folders, and EINVAL to the second.
  const UniqueFd path_only(::open(folder.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  EXPECT_FALSE(sync_folder(path_only.get(), "f"));
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  EXPECT_FALSE(sync_folder(writer.get(), "f"));
}

}  // namespace
}  // namespace reeld
