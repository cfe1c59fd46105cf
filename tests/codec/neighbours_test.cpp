#include "codec/neighbours.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string describe(std::initializer_list<std::string_view> names, std::string_view stem,
                     MissingHalf missing) {
  NeighbourIndex index;
  for (const std::string_view name : names) index.add(name);
  return index.describe(stem, missing);
}

struct NeighbourCase {
  const char* name;
  std::string_view neighbour;
  std::string_view stem;
  MissingHalf missing;
  const char* said;
};

class Neighbours : public testing::TestWithParam<NeighbourCase> {};

TEST_P(Neighbours, AreNamedWithWhatIsWrong) {
  const auto& test = GetParam();
  const std::string own = std::string(test.stem) + (test.missing == MissingHalf::image ? ".txt" : ".png");
  EXPECT_THAT(describe({own, "other.png", "other.txt", test.neighbour}, test.stem, test.missing),
              AllOf(StartsWith(std::string(test.neighbour) + " "), HasSubstr(test.said)));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Neighbours,
    testing::Values(
        NeighbourCase{"heic", "photo.heic", "photo", MissingHalf::image, "is HEIC, not PNG, JPEG or WebP"},
        NeighbourCase{"avif", "photo.AVIF", "photo", MissingHalf::image, "is AVIF, not PNG, JPEG or WebP"},
        NeighbourCase{"gif", "photo.gif", "photo", MissingHalf::image, "is GIF, not"},
        NeighbourCase{"bmp", "photo.bmp", "photo", MissingHalf::image, "is BMP, not"},
        NeighbourCase{"tiff", "photo.tiff", "photo", MissingHalf::image, "is TIFF, not"},
        NeighbourCase{"md", "scene.md", "scene", MissingHalf::prompt, "is not .txt"},
        NeighbourCase{"docx", "scene.docx", "scene", MissingHalf::prompt, "is no plain text"},
        NeighbourCase{"txt_txt", "x.txt.txt", "x", MissingHalf::prompt, "has two extensions"},
        NeighbourCase{"png_png", "clip.png.png", "clip", MissingHalf::image, "has two extensions"},
        NeighbourCase{"jpg_png", "clip.jpg.png", "clip", MissingHalf::image, "has two extensions"},
        NeighbourCase{"own_two", "clip.txt", "clip.png", MissingHalf::prompt, "would be the other half"},
        NeighbourCase{"none", "scene", "scene", MissingHalf::prompt, "has no extension"},
        NeighbourCase{"upper", "Scene.png", "scene", MissingHalf::image, "the same name in another case"},
        NeighbourCase{"accents", "\u00C9T\u00C9.png", "\u00E9t\u00E9", MissingHalf::image, "in another case"},
        NeighbourCase{"nfd", "e\u0301te\u0301.png", "\u00E9t\u00E9", MissingHalf::image,
                      "in another Unicode normalization"},
        NeighbourCase{"kana", "か\u3099.txt", "が", MissingHalf::prompt, "in another Unicode normalization"},
        NeighbourCase{"hangul", "\u1100\u1161.txt", "\uAC00", MissingHalf::prompt,
                      "in another Unicode normalization"},
        NeighbourCase{"blank", "scene .png", "scene", MissingHalf::image,
                      "has a blank at one end of its name"},
        NeighbourCase{"part", "scene.png.part", "scene", MissingHalf::image, "not finished"},
        NeighbourCase{"case_and_kind", "Photo.HEIC", "photo", MissingHalf::image,
                      "is HEIC, not PNG, JPEG or WebP, and has the same"}),
    [](const auto& test) { return test.param.name; });

TEST(NeighbourIndex, SaysNothingOfFilesThatMeanSomethingElse) {
  EXPECT_EQ(describe({"scene.txt", "scenes.png", "scene.2.png", "other.heic", "scene.mp4", "scene.md",
                      "scene.txt.bak"},
                     "scene", MissingHalf::image),
            "");
  EXPECT_EQ(describe({"scene.png", "scene.gif", ".scene.md", "scene.job.json", "reeld.toml"}, "scene",
                     MissingHalf::prompt),
            "");
}

TEST(NeighbourIndex, TakesNamesThatAreNoText) {
  EXPECT_EQ(describe({"\xFF\xFE.txt", "\xFF\xFD.png"}, "\xFF\xFE", MissingHalf::image), "");
  EXPECT_THAT(describe({"\xFF.txt", "\xFF.heic"}, "\xFF", MissingHalf::image), HasSubstr("is HEIC"));
}

TEST(NeighbourIndex, TellsOfThreeAtMost) {
  const std::string text =
      describe({"a.txt", "a.gif", "a.bmp", "a.heic", "a.tif", "A.png"}, "a", MissingHalf::image);
  EXPECT_EQ(std::count(text.begin(), text.end(), ';'), 2);
}

}  // namespace
}  // namespace reeld
