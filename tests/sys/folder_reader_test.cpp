#include "sys/folder_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <string>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

std::map<std::string, EntryKind> read_names(FolderReader& reader) {
  std::map<std::string, EntryKind> names;
  while (const auto entry = reader.next()) names.emplace(entry->name, entry->kind);
  return names;
}

TEST(FolderReaders, GiveNamesAndKindsWithoutTheDots) {
  const TempFolder folder;
  folder.write("a\n\xff.txt", "x");
  folder.write(".hidden", "x");
  folder.make_folder("sub");
  ASSERT_EQ(::symlink("a", (folder / "link").c_str()), 0);
  FolderReader reader(folder.fd());
  const std::map<std::string, EntryKind> expected{{"a\n\xff.txt", EntryKind::file},
                                                  {".hidden", EntryKind::file},
                                                  {"sub", EntryKind::folder},
                                                  {"link", EntryKind::other}};
  EXPECT_EQ(read_names(reader), expected);
  EXPECT_EQ(reader.error(), 0);
}

TEST(FolderReaders, ReadMoreThanABufferAndBeginAgain) {
  const TempFolder folder;
  constexpr int many = 3'000;
  const std::string padding(100, 'x');
  for (int i = 0; i < many; ++i) folder.write(padding + std::to_string(i), "");
  FolderReader reader(folder.fd());
  EXPECT_EQ(read_names(reader).size(), std::size_t{many});
  reader.rewind();
  EXPECT_EQ(read_names(reader).size(), std::size_t{many});
}

TEST(FolderReaders, SayWhyTheyEnded) {
  FolderReader reader(-1);
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.error(), EBADF);
}

}  // namespace
}  // namespace reeld
