#include "codec/form.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using Kind = FormPart::Kind;

FieldNames rename_all() {
  FieldNames names("image");
  names.prompt = "text";
  names.others = {{"seconds", "duration"}, {"style", "look"}};
  return names;
}

const JobFields all_fields{{"style", "noir"}, {"size", "16x9"}, {"seconds", "10"}, {"model", "sora-2"}};
const Form renamed{{Kind::text, "model", "sora-2"}, {Kind::prompt, "text", ""},
                   {Kind::text, "duration", "10"},  {Kind::image, "image", ""},
                   {Kind::text, "size", "16x9"},    {Kind::text, "look", "noir"}};

TEST(ArrangeForm, WhatHasAnotherNameKeepsItsPlace) {
  EXPECT_EQ(arrange_form(all_fields, rename_all()), renamed);
}

TEST(ArrangeForm, LeavesEmptyFieldsOut) {
  EXPECT_EQ(arrange_form({{"model", ""}, {"x", ""}}, {}),
            (Form{{Kind::prompt, "prompt", ""}, {Kind::image, "input_reference", ""}}));
}

TEST(ArrangeForm, ATextUnderTheImagesUsualNameStaysOne) {
  EXPECT_EQ(list_texts(arrange_form({{"input_reference", "x"}}, "image")),
            (JobFields{{"input_reference", "x"}}));
}

TEST(FormJson, KeepsNamesOrderAndPlaces) {
  const std::string text = write_form_json(renamed);
  EXPECT_EQ(text,
            R"({"model":"sora-2","text":null,"duration":"10","image":false,"size":"16x9","look":"noir"})");
  EXPECT_EQ(read_form_json(text, {}), renamed) << "whatever the names are by now";
}

TEST(FormJson, OfAnEarlierVersionIsArrangedAsThatVersionDid) {
  const Form form = read_form_json(R"({"size":"16x9","model":"sora-2"})", rename_all());
  EXPECT_EQ(form, (Form{{Kind::text, "model", "sora-2"},
                        {Kind::prompt, "prompt", ""},
                        {Kind::image, "image", ""},
                        {Kind::text, "size", "16x9"}}));
  EXPECT_EQ(read_form_json("", {}), arrange_form({}, {}));
  EXPECT_EQ(read_form_json("[1]", {}), arrange_form({}, {}));
}

TEST(FieldNames, AParameterUnderAnothersNameIsRefused) {
  const FieldNames names = rename_all();
  EXPECT_EQ(names.refuse_parameter("duration"),
            "\"seconds\" is sent under this name ([api.fields]): write seconds");
  EXPECT_EQ(
      names.refuse_parameter("text"),
      "the prompt is sent under this name ([api.fields]), and it is the pair's text file: remove this key");
  EXPECT_EQ(names.refuse_parameter("image"), "the image is the pair's image file: remove this key");
  EXPECT_EQ(names.refuse_parameter("prompt"),
            "the prompt is the pair's text file: remove this key, and write the prompt there");
  for (const char* name : {"seconds", "style", "size", "input_reference", "x"})
    EXPECT_EQ(names.refuse_parameter(name), std::nullopt) << name;
}

TEST(FieldNames, TwoMayChangeTheirNames) {
  FieldNames names;
  names.others = {{"a", "b"}, {"b", "a"}};
  EXPECT_EQ(names.refuse_parameter("a"), std::nullopt);
  EXPECT_EQ(names.refuse_parameter("b"), std::nullopt);
  EXPECT_EQ(list_texts(arrange_form({{"a", "1"}, {"b", "2"}}, names)), (JobFields{{"b", "1"}, {"a", "2"}}));
}

}  // namespace
}  // namespace reeld
