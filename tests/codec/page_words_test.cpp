#include "codec/page_words.hpp"

#include <gtest/gtest.h>

#include "core/utf8.hpp"

namespace reeld {
namespace {

TEST(PageWordsTest, OfAPageItsTitle) {
  EXPECT_EQ(read_page_words("<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>nginx"),
            "403 Forbidden");
  EXPECT_EQ(read_page_words("<!DOCTYPE html><TITLE lang=en>\n Just a\n  moment... </TITLE>"),
            "Just a moment...");
}

TEST(PageWordsTest, OfAPageWithoutATitleWhatItShows) {
  EXPECT_EQ(
      read_page_words(
          "<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n"),
      "403 Forbidden Request forbidden by administrative rules.");
  EXPECT_EQ(
      read_page_words("<html><style>a{b:c}</style><script>var a = '<b>';</script><body>No<br>entry</body>"),
      "No entry");
  EXPECT_EQ(read_page_words("<html><body>cut <scr"), "cut");
  EXPECT_EQ(read_page_words("<!DOCTYPE html><title>Error</title><pre>Cannot POST /videos</pre>"),
            "Error Cannot POST /videos");
}

TEST(PageWordsTest, OfATextItsBeginning) {
  EXPECT_EQ(read_page_words("error code: 1020"), "error code: 1020");
  EXPECT_EQ(read_page_words("\n404 page not found\n"), "404 page not found");
}

TEST(PageWordsTest, NothingOfJsonOfBytesAndOfMarkupWithoutATitle) {
  for (const char* const body :
       {"", "  ", "{\"a\":1}", " [1]", "<Error><Code>x</Code></Error>", "<title>cut", "<error/>"})
    EXPECT_EQ(read_page_words(body), "") << body;
  EXPECT_EQ(read_page_words(std::string("\x1f\x8b\0\0abc", 7)), "");
}

TEST(PageWordsTest, ItIsCutBetweenCharactersAndIsValid) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "字";
  const std::string words = read_page_words(text);
  EXPECT_LE(words.size(), 200U);
  EXPECT_GT(words.size(), 190U);
  EXPECT_TRUE(count_characters(words));
  EXPECT_TRUE(count_characters(read_page_words("a\xff\xfe")));
}

}  // namespace
}  // namespace reeld
