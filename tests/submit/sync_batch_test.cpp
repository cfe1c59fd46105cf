#include "submit/sync_batch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

class SharedSyncsTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* const name : {"a", "b"}) std::filesystem::create_directories(path_ / name);
  }
  void TearDown() override { std::filesystem::remove_all(path_); }

  UniqueFd open(const std::string& name) {
    return UniqueFd(::open((path_ / name).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  std::string read(const std::string& name) {
    std::ifstream in(path_ / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  boost::asio::awaitable<void> write(int fd, std::string folder, std::string name) {
    FileToWrite file(fd, std::move(folder), name, "the text of " + name);
    auto error = co_await syncs_.write(std::move(file));
    if (error) ++failures_;
    ++ends_;
  }
  void start(int fd, const std::string& folder, const std::string& name) {
    boost::asio::co_spawn(loop_, write(fd, folder, name), boost::asio::detached);
  }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("reeld-syncs-" + std::to_string(::getpid()));
  boost::asio::io_context loop_;
  boost::asio::thread_pool workers_{1};
  SyncBatch syncs_{loop_.get_executor(), workers_};
  int ends_ = 0;
  int failures_ = 0;
};

TEST_F(SharedSyncsTest, AllThatComeAreWrittenWhoeverWritesThem) {
  const UniqueFd a = open("a");
  const UniqueFd b = open("b");
  for (int number = 0; number < 100; ++number) {
    const bool is_first = number % 2 == 0;
    start(is_first ? a.get() : b.get(), is_first ? "a" : "b", std::to_string(number));
  }
  loop_.run();
  EXPECT_EQ(ends_, 100);
  EXPECT_EQ(failures_, 0);
  EXPECT_EQ(read("a/98"), "the text of 98");
  EXPECT_EQ(read("b/99"), "the text of 99");
}

TEST_F(SharedSyncsTest, OneThatFailsFailsAlone) {
  const UniqueFd a = open("a");
  start(a.get(), "a", "first");
  start(a.get(), "a", "no/such/folder");
  start(-1, "closed", "third");
  start(a.get(), "a", "last");
  loop_.run();
  EXPECT_EQ(ends_, 4);
  EXPECT_EQ(failures_, 2);
  EXPECT_EQ(read("a/last"), "the text of last");
}

}  // namespace
}  // namespace reeld
