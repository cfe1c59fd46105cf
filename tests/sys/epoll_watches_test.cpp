#include "sys/epoll_watches.hpp"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

TEST(CountEpollWatches, OfAllInstances) {
  const std::size_t before = count_epoll_watches().value_or(0);
  const UniqueFd one(::epoll_create1(EPOLL_CLOEXEC));
  const UniqueFd other(::epoll_create1(EPOLL_CLOEXEC));
  const UniqueFd watched(::eventfd(0, EFD_CLOEXEC));
  ::epoll_event event{};
  ASSERT_EQ(::epoll_ctl(one.get(), EPOLL_CTL_ADD, watched.get(), &event), 0);
  ASSERT_EQ(::epoll_ctl(other.get(), EPOLL_CTL_ADD, watched.get(), &event), 0);
  EXPECT_EQ(count_epoll_watches(), before + 2);
}

}  // namespace
}  // namespace reeld
