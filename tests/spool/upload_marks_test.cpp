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

JobName name_pair(int number) {
  return {"a", "scene" + std::to_string(number)};
}

/// The last of three uploads in a row that were cut began at noon + 2s.
UploadMarks cut_three() {
  UploadMarks marks;
  for (int number = 0; number < 3; ++number) {
    marks.note(name_pair(number), 100, noon + number * 1s);
    marks.note_unsent();
  }
  return marks;
}

TEST(UploadMarks, TheBeginningsOfOnePairsUploadAfterTheOtherAreNoProgressForEver) {
  UploadMarks marks = cut_three();
  EXPECT_EQ(marks.last_moved(), noon + 2s);
  marks.note(name_pair(3), 100, noon + 10s);
  EXPECT_EQ(marks.last_moved(), noon + 2s);
  marks.note(name_pair(3), 101, noon + 11s);
  EXPECT_EQ(marks.last_moved(), noon + 11s);
}

TEST(UploadMarks, OnceAJobHasEndedEachBeginningIsProgressAgain) {
  UploadMarks marks = cut_three();
  marks.note_end();
  marks.note(name_pair(3), 10, noon + 10s);
  EXPECT_EQ(marks.last_moved(), noon + 10s);
}

TEST(UploadMarks, ManyThatEndAtOnceAreCutOnceAndThoseThatNeverBeganAreNot) {
  UploadMarks marks;
  marks.note_unsent();
  for (int number = 0; number < 9; ++number) marks.note(name_pair(number), 100, noon);
  for (int number = 0; number < 9; ++number) marks.note_unsent();
  marks.note(job, 100, noon);
  marks.note_unsent();
  marks.note(name_pair(20), 10, noon + 1s);
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
