#include "submit/answer_space.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

class AnswerSpaceTest : public ::testing::Test {
 protected:
  ~AnswerSpaceTest() override { workers_.join(); }

  std::string hold(std::size_t in_flight) {
    std::string out = "never ran";
    boost::asio::co_spawn(loop_, space_.hold(in_flight),
                          [&](std::exception_ptr, std::string text) { out = std::move(text); });
    loop_.restart();
    loop_.run();
    return out;
  }

  std::string path() const { return folder_.path() + "/ledger.db"; }
  std::uintmax_t held() const { return std::filesystem::file_size(path() + ".reserve"); }

  TempFolder folder_;
  boost::asio::io_context loop_;
  boost::asio::thread_pool workers_{1};
  AnswerSpace space_{path(), workers_};
};

TEST_F(AnswerSpaceTest, SpaceForEachAnswerIsHeldBesideTheLedger) {
  EXPECT_EQ(hold(3), "");
  EXPECT_GE(held(), 4U << 20U);
}

TEST_F(AnswerSpaceTest, FewerAnswersTakeNoMore) {
  EXPECT_EQ(hold(3), "");
  const auto before = held();
  EXPECT_EQ(hold(1), "");
  EXPECT_EQ(held(), before);
}

TEST_F(AnswerSpaceTest, SaysWhyThereIsNone) {
  std::filesystem::create_directory(path() + ".reserve");
  EXPECT_NE(hold(0), "");
}

}  // namespace
}  // namespace reeld
