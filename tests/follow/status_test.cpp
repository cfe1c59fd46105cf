#include "follow/status.hpp"

#include <gtest/gtest.h>

#include <string>

namespace reeld {
namespace {

struct Row {
  std::string_view words;  // of docs/answers.md and the API's dialects, blanks between
  FollowStatus status;
};

constexpr Row rows[] = {
    {"queued queueing pending submitted not_start created preparing waiting", FollowStatus::queued},
    {"in_progress processing running generating", FollowStatus::running},
    {"completed complete succeeded success finished done", FollowStatus::completed},
    {"failed failure fail error cancelled canceled", FollowStatus::failed},
    {"expired", FollowStatus::expired},
};

TEST(ReadFollowStatus, KnowsTheWordsOfAllDialectsInAnyCase) {
  int words = 0;
  for (const Row& row : rows) {
    for (std::string_view rest = row.words; !rest.empty(); ++words) {
      const auto end = std::min(rest.find(' '), rest.size());
      std::string word(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      for (int way = 0; way < 3; ++way) {
        const ReadStatus read = read_follow_status(word);
        EXPECT_TRUE(read.is_known) << word;
        EXPECT_EQ(read.status, row.status) << word;
        if (way == 0) word = " " + word + "\t";
        if (way == 1) {
          for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
      }
    }
  }
  EXPECT_EQ(words, 25);
}

TEST(ReadFollowStatus, TakesAnyOtherWordForRunningAndSaysThatItIsUnknown) {
  for (const char* word : {"", "upscaling", "complete!", "done done", "完成", "faile"}) {
    EXPECT_FALSE(read_follow_status(word).is_known) << word;
    EXPECT_EQ(read_follow_status(word).status, FollowStatus::running) << word;
  }
}

TEST(ReadFollowStatus, HasAWordOfItsOwnForEachStatus) {
  for (const Row& row : rows) EXPECT_EQ(read_follow_status(word_of(row.status)).status, row.status);
}

TEST(ReadProgress, ReadsNumbersAndPercents) {
  struct Case {
    std::string_view text;
    std::optional<std::uint8_t> percent;
  };
  constexpr Case cases[] = {
      {"0", 0},      {"33", 33},   {"33%", 33},  {" 33 % ", 33}, {"99.9", 99},      {"99.9%", 99},
      {"100%", 100}, {"250", 100}, {"-3", 0},    {"1e1", 10},    {"inf", 100},      {"nan", {}},
      {"", {}},      {"%", {}},    {"half", {}}, {"33%%", {}},   {"33 of 100", {}}, {"0x10", {}},
  };
  for (const Case& row : cases) EXPECT_EQ(read_progress(row.text), row.percent) << row.text;
}

}  // namespace
}  // namespace reeld
