#include "stub_api/form_parser.hpp"

#include <gtest/gtest.h>

#include "stub_api/json_text.hpp"

namespace reeld::stub {
namespace {

const std::string good_form =
    "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nsora-2\r\n"
    "--b\r\nContent-Disposition: form-data; name=\"a%22b%0D%0A\"\r\n\r\n\r\n--bee\r\n\r\n"
    "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"image.png\"\r\nContent-Type: "
    "image/png\r\n\r\n"
    "abc\r\n--"
    "\r\n--b\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n\r\n"
    "--b--\r\n";

std::string complaint_about(std::string_view text) {
  FormParser parser("b", true);
  parser.feed(text);
  return parser.finish();
}

TEST(FormParser, IsBrokenByAFieldThatHoldsTheDelimiter) {
  for (std::size_t piece = 1; piece <= good_form.size(); ++piece) {
    FormParser parser("b", true);
    for (std::size_t at = 0; at < good_form.size(); at += piece) {
      parser.feed(std::string_view(good_form).substr(at, piece));
    }
    // "\r\n--b" within "\r\n--bee" is the delimiter, as RFC 2046 has it: the form is not well-formed.
    EXPECT_NE(parser.finish(), "") << piece;
  }
}

TEST(FormParser, KeepsTextsAndHashesTheFile) {
  std::string text = good_form;
  text.replace(text.find("--bee"), 5, "--cee");
  for (std::size_t piece = 1; piece <= text.size(); piece += 3) {
    FormParser parser("b", true);
    for (std::size_t at = 0; at < text.size(); at += piece)
      parser.feed(std::string_view(text).substr(at, piece));
    ASSERT_EQ(parser.finish(), "") << piece;
    const Form& form = parser.form();
    ASSERT_EQ(form.fields.size(), 3U);
    EXPECT_EQ(*form.find("model"), "sora-2");
    EXPECT_EQ(*form.find("a\"b\r\n"), "\r\n--cee\r\n");
    EXPECT_EQ(*form.find("size"), "");
    ASSERT_TRUE(form.file);
    EXPECT_EQ(form.file->filename, "image.png");
    EXPECT_EQ(form.file->content_type, "image/png");
    EXPECT_EQ(form.file->size, 7U);
    EXPECT_EQ(form.file_position, 2U);
    Sha256 hash;
    hash.update("abc\r\n--");
    EXPECT_EQ(form.file->sha256, hash.finish());
  }
}

TEST(FormParser, IsStrict) {
  const std::string part = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n";
  EXPECT_EQ(complaint_about(part + "--b--\r\n"), "");
  EXPECT_NE(complaint_about(part), "");
  EXPECT_NE(complaint_about(part + "--b--"), "");
  EXPECT_NE(complaint_about(part + "--b--\r\nmore"), "");
  EXPECT_NE(complaint_about(part + part + "--b--\r\n"), "");
  EXPECT_NE(complaint_about("preamble\r\n" + part + "--b--\r\n"), "");
  EXPECT_NE(complaint_about("--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n"), "");
}

TEST(FormParser, BoundaryIsReadFromTheContentType) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=\"a b\""), "a b");
  EXPECT_EQ(boundary_of("application/json"), "");
}

TEST(JsonText, EscapesAndKeepsBytesThatAreNotUtf8) {
  EXPECT_EQ(quote_json("a\"\\\n"), "\"a\\\"\\\\\\u000a\"");
  EXPECT_EQ(quote_json("牛"), "\"牛\"");
  EXPECT_EQ(quote_json("\xff"), "\"\\udcff\"");
  EXPECT_EQ(quote_json("\xed\xa0\x80"), "\"\\udced\\udca0\\udc80\"");
  EXPECT_EQ(quote_json_ascii("牛🎬"), "\"\\u725b\\ud83c\\udfac\"");
}

}  // namespace
}  // namespace reeld::stub
