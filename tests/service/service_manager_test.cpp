#include "service/service_manager.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "support/run_until.hpp"
#include "support/temp_folder.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// The service manager's end: a datagram socket, and the environment that names it.
class FakeManager {
 public:
  /// `address` as in $NOTIFY_SOCKET: a path, or "@name".
  explicit FakeManager(const std::string& address) {
    ::sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, address.data(), address.size());
    if (address.starts_with('@')) to.sun_path[0] = '\0';
    const auto length = static_cast<::socklen_t>(offsetof(::sockaddr_un, sun_path) + address.size());
    const int bound = ::bind(fd_.get(), reinterpret_cast<const ::sockaddr*>(&to), length);
    EXPECT_EQ(bound, 0) << std::strerror(errno);
    ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
  }
  ~FakeManager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }
  FakeManager(const FakeManager&) = delete;
  FakeManager& operator=(const FakeManager&) = delete;

  /// What has come since the last call, a text each datagram.
  std::vector<std::string> take() {
    std::vector<std::string> out;
    char text[4096];
    for (;;) {
      const ssize_t got = ::recv(fd_.get(), text, sizeof text, MSG_DONTWAIT);
      if (got < 0) return out;
      out.emplace_back(text, static_cast<std::size_t>(got));
    }
  }

 private:
  UniqueFd fd_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

class ServiceManagerTest : public ::testing::Test {
 protected:
  ServiceManager make(ServiceManager::Pace pace = {milliseconds(20), milliseconds(60)}) {
    return {loop_.get_executor(), {[this] { return status_; }, [this] { return is_well_; }}, pace};
  }
  std::vector<std::string> run_for(milliseconds time) {
    loop_.restart();
    loop_.run_for(time);
    return manager_.take();
  }
  /// Runs the loop until something has come.
  std::vector<std::string> wait() {
    std::vector<std::string> out;
    EXPECT_TRUE(test::run_until(loop_, [&] { return !(out = manager_.take()).empty(); }));
    return out;
  }

  TempFolder folder_;
  FakeManager manager_{folder_.path() + "/notify"};
  boost::asio::io_context loop_;
  std::string status_ = "idle";
  bool is_well_ = true;
};

TEST_F(ServiceManagerTest, ReadyAndStatusAreOneDatagram) {
  auto daemon = make();
  daemon.on_ready();
  EXPECT_THAT(manager_.take(), ElementsAre("READY=1\nSTATUS=idle"));
}

TEST_F(ServiceManagerTest, AnAbstractSocketServesAsWell) {
  FakeManager abstract("@reeld-test-" + std::to_string(::getpid()));
  auto daemon = make();
  daemon.on_ready();
  EXPECT_THAT(abstract.take(), ElementsAre("READY=1\nSTATUS=idle"));
  EXPECT_THAT(manager_.take(), IsEmpty());
}

TEST_F(ServiceManagerTest, ReloadingTellsTheTimeAndIsFollowedByReady) {
  auto daemon = make();
  daemon.on_ready();
  manager_.take();
  ::timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  daemon.on_reloading();
  daemon.on_reloaded();
  const auto told = manager_.take();
  ASSERT_EQ(told.size(), 2U);
  const std::string start = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_THAT(told[0], StartsWith(start));
  const auto at = std::stoll(told[0].substr(start.size()));
  EXPECT_GE(at, now.tv_sec * 1'000'000 + now.tv_nsec / 1000);
  EXPECT_LT(at, (now.tv_sec + 60) * 1'000'000);
  EXPECT_EQ(told[1], "READY=1\nSTATUS=idle");
}

TEST_F(ServiceManagerTest, AChangedStatusIsToldOnceHoweverManyChangesThereWere) {
  auto daemon = make();
  daemon.on_ready();
  manager_.take();
  for (int i = 0; i < 100; ++i) {
    status_ = std::to_string(i) + " waiting";
    daemon.on_change();
  }
  EXPECT_THAT(manager_.take(), IsEmpty());  // less than the pace has passed
  EXPECT_THAT(wait(), ElementsAre("STATUS=99 waiting"));
  EXPECT_THAT(run_for(milliseconds(50)), IsEmpty());
}

TEST_F(ServiceManagerTest, AStatusThatIsTheSameIsNotToldAndLeavesNoTimer) {
  auto daemon = make();
  daemon.on_ready();
  manager_.take();
  daemon.on_change();
  loop_.run();  // ends: nothing is waited for any more
  EXPECT_THAT(manager_.take(), IsEmpty());
}

TEST_F(ServiceManagerTest, TheLoopFeedsTheWatchdogAndNobodyElseDoes) {
  ::setenv("WATCHDOG_USEC", "100000", 1);
  auto daemon = make();
  daemon.on_ready();
  manager_.take();
  const auto before = std::chrono::steady_clock::now();
  ::usleep(120'000);  // a loop that is stuck
  EXPECT_THAT(manager_.take(), IsEmpty());
  EXPECT_THAT(wait(), ElementsAre("WATCHDOG=1"));
  EXPECT_THAT(wait(), ElementsAre("WATCHDOG=1"));
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(150));
  daemon.stop();
  loop_.run();
  EXPECT_THAT(manager_.take(), IsEmpty());
}

TEST_F(ServiceManagerTest, ADaemonThatIsNotWellDoesNotFeedTheWatchdog) {
  ::setenv("WATCHDOG_USEC", "20000", 1);
  auto daemon = make();
  daemon.on_ready();
  manager_.take();
  is_well_ = false;
  EXPECT_THAT(run_for(milliseconds(60)), IsEmpty());
  is_well_ = true;
  EXPECT_THAT(wait(), ElementsAre("WATCHDOG=1"));
  daemon.stop();
}

TEST_F(ServiceManagerTest, AWatchdogOfAnotherProcessIsNotFed) {
  ::setenv("WATCHDOG_USEC", "20000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  auto daemon = make();
  daemon.on_ready();
  manager_.take();
  loop_.run();
  EXPECT_THAT(manager_.take(), IsEmpty());
  ::unsetenv("WATCHDOG_PID");
}

TEST_F(ServiceManagerTest, AStopAsksForPatienceUntilItsTimeIsOver) {
  auto daemon = make();
  daemon.on_ready();
  manager_.take();
  status_ = "stopping";
  daemon.on_stopping(milliseconds(100));
  EXPECT_THAT(manager_.take(), ElementsAre("STOPPING=1\nSTATUS=stopping", "EXTEND_TIMEOUT_USEC=60000"));
  loop_.run();  // ends by itself
  const auto told = manager_.take();
  EXPECT_GE(told.size(), 3U);
  EXPECT_LE(told.size(), 5U);
  EXPECT_THAT(told, ::testing::Each(std::string("EXTEND_TIMEOUT_USEC=60000")));
}

TEST_F(ServiceManagerTest, AStopThatIsOverAsksForNothingMore) {
  auto daemon = make();
  daemon.on_ready();
  daemon.on_stopping(std::chrono::hours(1));
  daemon.on_stopping(std::chrono::hours(1));
  EXPECT_EQ(manager_.take().size(), 3U);
  daemon.on_reloading();
  daemon.on_reloaded();
  daemon.stop();
  loop_.run();
  EXPECT_THAT(manager_.take(), IsEmpty());
}

TEST_F(ServiceManagerTest, BeforeItIsReadyNothingIsSaid) {
  auto daemon = make();
  daemon.on_change();
  daemon.on_reloading();
  daemon.on_reloaded();
  daemon.on_stopping(std::chrono::hours(1));
  loop_.run();
  EXPECT_THAT(manager_.take(), IsEmpty());
}

TEST_F(ServiceManagerTest, WithoutAManagerThereIsNothingToDoAndNoTimer) {
  ::setenv("WATCHDOG_USEC", "20000", 1);
  ::unsetenv("NOTIFY_SOCKET");
  int questions = 0;
  ServiceManager daemon(loop_.get_executor(),
                        {[&] { return std::to_string(++questions); }, [&] { return ++questions > 0; }});
  daemon.on_ready();
  daemon.on_change();
  daemon.on_reloading();
  daemon.on_reloaded();
  daemon.on_stopping(std::chrono::hours(1));
  EXPECT_EQ(loop_.run(), 0U);
  EXPECT_EQ(questions, 0);
  EXPECT_THAT(manager_.take(), IsEmpty());
}

}  // namespace
}  // namespace reeld
