#include "codec/multipart.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::Not;

ImagePart make_image(std::uint64_t size) {
  return {ImageType::png, size};
}

std::string assemble(const MultipartBody& body, const std::string& image) {
  return body.before_image + image + body.after_image + body.closing;
}

TEST(BuildMultipart, WritesTheWholeBody) {
  const JobFields fields = {{"extra", "e"},        {"private", "false"}, {"seconds", "10"},
                            {"watermark", "true"}, {"size", "16x9"},     {"model", "sora-2"}};
  const MultipartBody body = build_multipart(arrange_form(fields, {}), "a\ncow", make_image(5), "BOUND");
  const std::string expected =
      "--BOUND\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nsora-2\r\n"
      "--BOUND\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na\ncow\r\n"
      "--BOUND\r\nContent-Disposition: form-data; name=\"seconds\"\r\n\r\n10\r\n"
      "--BOUND\r\nContent-Disposition: form-data; name=\"input_reference\"; filename=\"image.png\"\r\n"
      "Content-Type: image/png\r\n\r\nIMAGE\r\n"
      "--BOUND\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n16x9\r\n"
      "--BOUND\r\nContent-Disposition: form-data; name=\"watermark\"\r\n\r\ntrue\r\n"
      "--BOUND\r\nContent-Disposition: form-data; name=\"private\"\r\n\r\nfalse\r\n"
      "--BOUND\r\nContent-Disposition: form-data; name=\"extra\"\r\n\r\ne\r\n"
      "--BOUND--\r\n";
  EXPECT_EQ(assemble(body, "IMAGE"), expected);
  EXPECT_EQ(body.content_length, expected.size());
  EXPECT_EQ(body.content_type, "multipart/form-data; boundary=BOUND");
}

TEST(BuildMultipart, HoldsTheClosingBoundaryBackWhole) {
  const MultipartBody body = build_multipart(arrange_form({{"size", "16x9"}}, {}), "p", make_image(1), "B");
  EXPECT_EQ(body.closing, "\r\n--B--\r\n");
  EXPECT_TRUE(body.before_image.ends_with("Content-Type: image/png\r\n\r\n"));
  EXPECT_TRUE(body.after_image.ends_with("16x9"));
}

TEST(BuildMultipart, NeedsNothingButPromptAndImage) {
  const MultipartBody body = build_multipart(arrange_form({}, {}), "p", make_image(3), "B");
  EXPECT_EQ(body.after_image, "");
  EXPECT_TRUE(body.before_image.starts_with("--B\r\n"));
  EXPECT_EQ(body.content_length, assemble(body, "IMG").size());
}

TEST(BuildMultipart, LeavesEmptyFieldsOut) {
  const MultipartBody body =
      build_multipart(arrange_form({{"model", ""}, {"size", ""}, {"x", ""}}, {}), "p", make_image(1), "B");
  EXPECT_EQ(body.before_image + body.after_image,
            build_multipart(arrange_form({}, {}), "p", make_image(1), "B").before_image);
}

TEST(BuildMultipart, CountsImagesThatAreNotInMemory) {
  const std::uint64_t size = 5'000'000'000;
  const MultipartBody body = build_multipart(arrange_form({}, {}), "p", make_image(size), "B");
  EXPECT_EQ(body.content_length, assemble(body, "").size() + size);
}

TEST(BuildMultipart, NamesTheImageByItsType) {
  const auto head = [](ImageType type) {
    return build_multipart(arrange_form({}, "image"), "p", {type, 1}, "B").before_image;
  };
  EXPECT_THAT(head(ImageType::jpeg),
              HasSubstr("name=\"image\"; filename=\"image.jpg\"\r\nContent-Type: image/jpeg\r\n"));
  EXPECT_THAT(head(ImageType::webp), HasSubstr("filename=\"image.webp\"\r\nContent-Type: image/webp\r\n"));
}

TEST(BuildMultipart, EscapesNamesAndNoValues) {
  const MultipartBody body =
      build_multipart(arrange_form({{"a\"b\r\nc%", "v\"\r\n%"}}, {}), "p", make_image(1), "B");
  EXPECT_THAT(body.after_image, HasSubstr("name=\"a%22b%0D%0Ac%\"\r\n\r\nv\"\r\n%"));
}

TEST(BuildMultipart, KeepsTheOrderOfOtherFields) {
  const MultipartBody body =
      build_multipart(arrange_form({{"zeta", "1"}, {"alpha", "2"}}, {}), "p", make_image(1), "B");
  EXPECT_LT(body.after_image.find("zeta"), body.after_image.find("alpha"));
  EXPECT_THAT(body.before_image, Not(HasSubstr("zeta")));
}

TEST(IsBoundaryFree, LooksAtPromptNamesAndValues) {
  EXPECT_TRUE(is_boundary_free(arrange_form({{"model", "a"}}, {}), "prompt", "BOUND"));
  EXPECT_FALSE(is_boundary_free(arrange_form({}, {}), "a BOUND b", "BOUND"));
  EXPECT_FALSE(is_boundary_free(arrange_form({{"model", "xBOUND"}}, {}), "p", "BOUND"));
  EXPECT_FALSE(is_boundary_free(arrange_form({{"BOUNDx", "a"}}, {}), "p", "BOUND"));
}

}  // namespace
}  // namespace reeld
