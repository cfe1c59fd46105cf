#include "commands/status/watch.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <sstream>

namespace reeld {
namespace {

TEST(Frame, IsWrittenOverTheLast) {
  EXPECT_EQ(make_frame("one\ntwo\n", {24, 80}), "\x1b[Hone\x1b[K\ntwo\x1b[K\n\x1b[J");
}

TEST(Frame, LinesAreCutAtTheScreensWidthAndBetweenCharacters) {
  EXPECT_EQ(make_frame("abcdef\n\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\n", {24, 3}),
            "\x1b[H"
            "abc\x1b[K\n\xc3\xa4\xc3\xb6\xc3\xbc\x1b[K\n\x1b[J");
}

TEST(Frame, WhatDoesNotFitIsSaid) {
  EXPECT_EQ(make_frame("1\n2\n3\n", {4, 80}), "\x1b[H1\x1b[K\n2\x1b[K\n3\x1b[K\n\x1b[J");
  EXPECT_EQ(make_frame("1\n2\n3\n4\n", {4, 80}), "\x1b[H1\x1b[K\n2\x1b[K\n(2 more lines)\x1b[K\n\x1b[J");
}

TEST(Watch, GoesOnUntilASignalAndLeavesNoneBlocked) {
  std::ostringstream out;
  int renders = 0;
  watch(milliseconds(1), out, [&] {
    if (++renders == 3) std::raise(SIGINT);
    return "x";
  });
  EXPECT_EQ(out.str(), "xxx");
  sigset_t blocked;
  ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
  EXPECT_EQ(::sigismember(&blocked, SIGINT), 0);
}

TEST(Watch, EndsWhereNothingCanBeWritten) {
  std::ostringstream out;
  watch(milliseconds(1), out, [&] {
    out.setstate(std::ios::badbit);
    return "x";
  });
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace reeld
