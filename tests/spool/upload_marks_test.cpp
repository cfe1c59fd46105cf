#include "spool/upload_marks.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime noon{12h};
const JobName job{"a", "scene"};

TEST(UploadMarks, OnlyOneThatGetsFurtherThanEverIsProgress) {
  UploadMarks marks;
  marks.note(job, 100, noon);
  EXPECT_EQ(marks.last_moved(), noon);
  marks.note(job, 60, noon + 1s);
  marks.note(job, 100, noon + 2s);
  EXPECT_EQ(marks.last_moved(), noon);
  marks.note(job, 101, noon + 3s);
  EXPECT_EQ(marks.last_moved(), noon + 3s);
}

TEST(UploadMarks, EachJobHasItsOwn) {
  UploadMarks marks;
  marks.note(job, 100, noon);
  marks.note({"a", "other"}, 50, noon + 1s);
  EXPECT_EQ(marks.last_moved(), noon + 1s);
}

TEST(UploadMarks, OneThatIsOverBeginsAnew) {
  UploadMarks marks;
  marks.note(job, 100, noon);
  marks.forget(job);
  marks.note(job, 50, noon + 1s);
  EXPECT_EQ(marks.last_moved(), noon + 1s);
}

}  // namespace
}  // namespace reeld
