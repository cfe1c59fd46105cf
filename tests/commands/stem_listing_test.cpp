#include "commands/job/stem_listing.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using Names = std::vector<std::string>;

FolderListing list(const TempFolder& folder) {
  auto listed = list_stems(folder.fd(), folder.path());
  if (const auto* error = std::get_if<SysError>(&listed)) {
    ADD_FAILURE() << error->message;
    return {};
  }
  return std::get<FolderListing>(std::move(listed));
}

TEST(ListStems, FilesAreGroupedByStem) {
  const TempFolder folder;
  for (const char* name :
       {"a.txt", "a.PNG", "a.jpg", "a.job.json", "b.txt", "reeld.toml", "notes.md", ".hidden.txt"}) {
    folder.write(name, "");
  }
  const FolderListing listing = list(folder);
  ASSERT_EQ(listing.stems.size(), 2U);
  EXPECT_EQ(listing.stems.at("a").prompts, Names{"a.txt"});
  EXPECT_EQ(listing.stems.at("a").images, (Names{"a.PNG", "a.jpg"}));
  EXPECT_EQ(listing.stems.at("a").results, Names{"a.job.json"});
  EXPECT_EQ(listing.stems.at("b").prompts, Names{"b.txt"});
}

TEST(ListStems, FoldersAreListedButForHiddenOnesAndLinks) {
  const TempFolder folder;
  folder.make_folder("b");
  folder.make_folder("a.txt");
  folder.make_folder(".reeld");
  std::filesystem::create_directory_symlink(folder / "b", folder / "link");
  const FolderListing listing = list(folder);
  EXPECT_EQ(listing.folders, (Names{"a.txt", "b"}));
  EXPECT_TRUE(listing.stems.empty());
}

TEST(ListStems, FoldersThatSystemsMakeAreLeftOut) {
  const TempFolder folder;
  for (const char* const name : {"#Recycle", "films", "Archive"}) folder.make_folder(name);
  EXPECT_EQ(list(folder).folders, (Names{"Archive", "films"}));
  const IgnoredFolders ignored(Names{"archive", "!#recycle"});
  const auto listed = list_stems(folder.fd(), folder.path(), ignored);
  EXPECT_EQ(std::get<FolderListing>(listed).folders, (Names{"#Recycle", "films"}));
}

TEST(ListStems, LinksAndPipesCountAsTheyDoForTheDaemon) {
  const TempFolder folder;
  std::filesystem::create_symlink("/nowhere", folder / "a.txt");
  ASSERT_EQ(::mkfifo((folder / "a.png").c_str(), 0600), 0);
  const FolderListing listing = list(folder);
  ASSERT_EQ(listing.stems.size(), 1U);
  EXPECT_EQ(listing.stems.at("a").prompts, Names{"a.txt"});
  EXPECT_EQ(listing.stems.at("a").images, Names{"a.png"});
}

TEST(Judge, SaysWhatAStemIs) {
  EXPECT_EQ(judge("a", {{"a.txt"}, {"a.png"}, {}}), StemState::candidate);
  EXPECT_EQ(judge("a", {{"a.txt"}, {}, {}}), StemState::half);
  EXPECT_EQ(judge("a", {{"a.txt"}, {"a.png", "a.jpg"}, {}}), StemState::ambiguous);
  EXPECT_EQ(judge("a", {{"a.txt"}, {"a.png"}, {"a.error.json"}}), StemState::finished);
  EXPECT_EQ(judge(std::string(250, 'a'), {{"a.txt"}, {"a.png"}, {}}), StemState::unnameable);
}

}  // namespace
}  // namespace reeld
