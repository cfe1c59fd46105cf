#include "sys/inotify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>

#include <cstring>
#include <random>
#include <string>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

void append_event(std::vector<std::byte>& buffer, int watch, std::uint32_t mask, std::string name) {
  if (!name.empty()) name.resize((name.size() / 16 + 1) * 16);
  ::inotify_event header{};
  header.wd = watch;
  header.mask = mask;
  header.len = static_cast<std::uint32_t>(name.size());
  const auto* const bytes = reinterpret_cast<const std::byte*>(&header);
  buffer.insert(buffer.end(), bytes, bytes + sizeof header);
  const auto* const letters = reinterpret_cast<const std::byte*>(name.data());
  buffer.insert(buffer.end(), letters, letters + name.size());
}

TEST(DecodeEvents, ReadsWatchMaskAndName) {
  std::vector<std::byte> buffer;
  append_event(buffer, 1, IN_CLOSE_WRITE, "a.txt");
  append_event(buffer, 2, IN_CREATE | IN_ISDIR, "a\n\xff");
  append_event(buffer, -1, IN_Q_OVERFLOW, "");
  const auto events = decode_events(buffer);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].watch, 1);
  EXPECT_TRUE(events[0].has(WatchFlag::closed_after_write));
  EXPECT_EQ(events[0].name, "a.txt");
  EXPECT_TRUE(events[1].has(WatchFlag::is_folder));
  EXPECT_EQ(events[1].name, "a\n\xff");
  EXPECT_TRUE(events[2].has(WatchFlag::overflowed));
  EXPECT_EQ(events[2].name, "");
}

TEST(DecodeEvents, LeavesOutWhatIsCutOff) {
  std::vector<std::byte> whole;
  append_event(whole, 1, IN_CLOSE_WRITE, "a.txt");
  append_event(whole, 2, IN_CLOSE_WRITE, "b.txt");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(decode_events(cut).size(), length < whole.size() / 2 ? 0u : 1u) << length;
  }
}

TEST(DecodeEvents, SurvivesAnyBytes) {
  std::mt19937 dice(7);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::byte> bytes(dice() % 200);
    for (auto& byte : bytes) byte = static_cast<std::byte>(dice() % 3 == 0 ? dice() & 0xff : 0);
    for (const auto& event : decode_events(bytes)) EXPECT_LE(event.name.size(), bytes.size());
  }
}

class Watching : public testing::Test {
 protected:
  Watching() : inotify_(std::get<Inotify>(Inotify::open())) {}

  std::vector<std::string> read_names(WatchFlag flag) {
    std::vector<std::byte> buffer(64 * 1024);
    const auto count = std::get<std::size_t>(inotify_.read_events(buffer));
    std::vector<std::string> names;
    for (const auto& event : decode_events(std::span(buffer).first(count))) {
      if (event.has(flag)) names.emplace_back(event.name);
    }
    return names;
  }

  TempFolder folder_;
  Inotify inotify_;
};

TEST_F(Watching, TellsOfClosesAndRenames) {
  ASSERT_TRUE(std::holds_alternative<int>(inotify_.watch_folder(folder_.fd(), "f")));
  EXPECT_THAT(read_names(WatchFlag::created), testing::IsEmpty());
  folder_.write("a.txt", "x");
  EXPECT_THAT(read_names(WatchFlag::closed_after_write), testing::ElementsAre("a.txt"));
  folder_.rename("a.txt", "b.txt");
  EXPECT_THAT(read_names(WatchFlag::moved_in), testing::ElementsAre("b.txt"));
}

TEST_F(Watching, KnowsAFolderByItselfWhateverItsPath) {
  folder_.make_folder("old");
  const UniqueFd sub(::open((folder_ / "old").c_str(), O_RDONLY | O_CLOEXEC));
  const int watch = std::get<int>(inotify_.watch_folder(sub.get(), "old"));
  folder_.rename("old", "new");
  EXPECT_EQ(std::get<int>(inotify_.watch_folder(sub.get(), "new")), watch);
  inotify_.remove_watch(watch);
  EXPECT_NE(std::get<int>(inotify_.watch_folder(sub.get(), "new")), watch);
}

TEST_F(Watching, RefusesWhatIsNotAFolder) {
  folder_.write("a", "x");
  const UniqueFd file(::open((folder_ / "a").c_str(), O_RDONLY | O_CLOEXEC));
  const auto result = inotify_.watch_folder(file.get(), "a");
  ASSERT_TRUE(std::holds_alternative<SysError>(result));
  EXPECT_EQ(std::get<SysError>(result).message, "watch a: Not a directory");
}

}  // namespace
}  // namespace reeld
