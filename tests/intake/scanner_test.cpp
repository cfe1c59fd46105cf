#include "intake/scanner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct SeenScans : ScanListener {
  void on_scan_messages(std::vector<ScanMessage> messages) override {
    for (const auto& message : messages) {
      if (const auto* const opened = std::get_if<FolderOpened>(&message)) folders.push_back(opened->path);
    }
  }
  void on_scan_end(bool was_full) override { ends.push_back(was_full); }
  std::vector<std::string> folders;
  std::vector<bool> ends;
};

class Scanner : public testing::Test {
 protected:
  Scanner()
      : root_(std::make_shared<const UniqueFd>(::open(folder_.path().c_str(), O_RDONLY | O_CLOEXEC))),
        scanner_(std::make_shared<IntakeScanner>(loop_.get_executor(), root_, nullptr, true, seen_)) {}

  TempFolder folder_;
  boost::asio::io_context loop_;
  SeenScans seen_;
  std::shared_ptr<const UniqueFd> root_;
  std::shared_ptr<IntakeScanner> scanner_;
};

TEST_F(Scanner, RunsOneAfterAnotherInOrder) {
  folder_.make_folder("f");
  scanner_->scan_folder("f");
  scanner_->scan_all();
  EXPECT_FALSE(scanner_->is_idle());
  loop_.run();
  EXPECT_THAT(seen_.folders, ElementsAre("f", "", "f"));
  EXPECT_THAT(seen_.ends, ElementsAre(false, true));
  EXPECT_TRUE(scanner_->is_idle());
}

TEST_F(Scanner, DoesNotScanWhatAWaitingScanCovers) {
  folder_.make_folder("f/g");
  scanner_->scan_folder("f/g");  // runs at once
  scanner_->scan_folder("f");
  scanner_->scan_folder("f/g");
  loop_.run();
  EXPECT_EQ(seen_.ends.size(), 2u);
  loop_.restart();
  scanner_->scan_all();  // runs at once
  scanner_->scan_all();
  scanner_->scan_folder("f");
  loop_.run();
  EXPECT_THAT(seen_.ends, ElementsAre(false, false, true, true));
}

TEST_F(Scanner, IsHeldBackUntilItMayGoOn) {
  folder_.make_folder("f");
  scanner_->hold_back(true);
  scanner_->scan_all();
  loop_.run_one();  // what it has told of by then
  EXPECT_FALSE(scanner_->is_idle());
  EXPECT_THAT(seen_.ends, IsEmpty());
  scanner_->hold_back(false);
  loop_.run();
  EXPECT_THAT(seen_.ends, ElementsAre(true));
}

TEST_F(Scanner, EndsThoughItIsHeldBack) {
  scanner_->hold_back(true);
  scanner_->scan_all();
  loop_.run_one();
  scanner_->stop();
  loop_.run();
  EXPECT_THAT(seen_.ends, IsEmpty());
}

TEST_F(Scanner, SaysNothingAfterStop) {
  scanner_->scan_all();
  scanner_->stop();
  loop_.run();
  EXPECT_THAT(seen_.ends, IsEmpty());
}

}  // namespace
}  // namespace reeld
