#include "service/key_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <vector>

#include "support/run_until.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class KeyWatchTest : public testing::Test {
 protected:
  std::string key_path() const { return (folder_ / "keys/key").string(); }

  bool run_until(const std::function<bool()>& condition) { return test::run_until(loop_, condition); }
  bool run_until_changes(int count) {
    return run_until([&, count] { return changes_ >= count; });
  }
  bool run_until_trouble(std::size_t count) {
    return run_until([&, count] { return troubles_.size() >= count; });
  }

  TempFolder folder_;
  boost::asio::io_context loop_;
  int changes_ = 0;
  std::vector<std::string> troubles_;
  KeyWatch watch_{loop_.get_executor(), [this] { ++changes_; },
                  [this](const std::string& reason) { troubles_.push_back(reason); }};
};

TEST_F(KeyWatchTest, TellsOfAKeyWrittenOrRenamedIntoPlace) {
  folder_.make_folder("keys");
  watch_.watch(key_path());
  folder_.write("keys/key", "first");
  ASSERT_TRUE(run_until_changes(1));
  folder_.write("keys/other", "second");
  folder_.rename("keys/other", "keys/key");
  EXPECT_TRUE(run_until_changes(2));
  EXPECT_THAT(troubles_, IsEmpty());
}

TEST_F(KeyWatchTest, SaysThatItFailsAndTriesAgainWhenAsked) {
  watch_.watch(key_path());
  ASSERT_EQ(troubles_.size(), 1u);
  EXPECT_THAT(troubles_.front(), HasSubstr("keys/: No such file or directory"));
  watch_.watch(key_path());
  EXPECT_EQ(troubles_.size(), 2u);
  folder_.make_folder("keys");
  watch_.watch(key_path());
  EXPECT_EQ(troubles_.size(), 2u);
  folder_.write("keys/key", "new");
  EXPECT_TRUE(run_until_changes(1));
}

TEST_F(KeyWatchTest, WatchesAFolderThatWasMadeAnewWhenAsked) {
  folder_.make_folder("keys");
  watch_.watch(key_path());
  folder_.remove("keys");
  ASSERT_TRUE(run_until_trouble(1));
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("was removed or renamed")));
  folder_.make_folder("keys");
  watch_.watch(key_path());
  folder_.write("keys/key", "new");
  EXPECT_TRUE(run_until_changes(1));
  EXPECT_EQ(troubles_.size(), 1u);
}

TEST_F(KeyWatchTest, LetsGoOfAFolderThatWasRenamed) {
  folder_.make_folder("keys");
  watch_.watch(key_path());
  folder_.rename("keys", "elsewhere");
  ASSERT_TRUE(run_until_trouble(1));
  folder_.make_folder("keys");
  watch_.watch(key_path());
  folder_.write("keys/key", "new");
  EXPECT_TRUE(run_until_changes(1));
}

TEST_F(KeyWatchTest, SaysNothingAfterStop) {
  folder_.make_folder("keys");
  watch_.watch(key_path());
  folder_.write("keys/key", "new");
  watch_.stop();
  loop_.run();
  EXPECT_EQ(changes_, 0);
  EXPECT_THAT(troubles_, IsEmpty());
}

}  // namespace
}  // namespace reeld
