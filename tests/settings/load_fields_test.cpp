// [api.fields], and image_field beside it.

#include <gtest/gtest.h>

#include "settings/load.hpp"

namespace reeld {
namespace {

std::variant<Settings, SettingsComplaint> load_fields(const std::string& text) {
  return load_settings("[api]\nurl = \"https://a.example\"\n" + text, "f.toml");
}

std::string complaint_of_fields(const std::string& text) {
  const auto loaded = load_fields(text);
  const auto* const complaint = std::get_if<SettingsComplaint>(&loaded);
  return complaint == nullptr ? "(no complaint)" : complaint->message;
}

FieldNames names_of(const std::string& text) {
  const auto loaded = load_fields(text);
  if (const auto* const complaint = std::get_if<SettingsComplaint>(&loaded)) {
    ADD_FAILURE() << complaint->message;
    return {};
  }
  return std::get<Settings>(loaded).api.fields;
}

TEST(LoadFields, AnyFieldMayHaveAnotherName) {
  const FieldNames names = names_of(
      "[api.fields]\ninput_reference = \"image\"\nprompt = \"text\"\nseconds = \"duration\"\nstyle = "
      "\"look[0]\"\n");
  EXPECT_EQ(names.image, "image");
  EXPECT_EQ(names.prompt, "text");
  EXPECT_EQ(names.others,
            (std::map<std::string, std::string, std::less<>>{{"seconds", "duration"}, {"style", "look[0]"}}));
}

TEST(LoadFields, TwoMayChangeTheirNames) {
  EXPECT_EQ(names_of("[api.fields]\nseconds = \"size\"\nsize = \"seconds\"\n").others.size(), 2U);
}

TEST(LoadFields, TwoUnderOneNameAreRefused) {
  EXPECT_EQ(complaint_of_fields("[api.fields]\nseconds = \"size\"\n"),
            "f.toml:4: api.fields.seconds: is \"size\", under which \"size\" is sent; write another name");
  EXPECT_EQ(complaint_of_fields("[api.fields]\nseconds = \"x\"\nsize = \"x\"\n"),
            "f.toml:4: api.fields.seconds: is \"x\", under which \"size\" is sent; write another name");
  EXPECT_EQ(
      complaint_of_fields("[api.fields]\nseconds = \"prompt\"\n"),
      "f.toml:4: api.fields.seconds: is \"prompt\", under which \"prompt\" is sent; write another name");
  EXPECT_EQ(
      complaint_of_fields("[api.fields]\nseconds = \"input_reference\"\n"),
      "f.toml:4: api.fields.seconds: is \"input_reference\", under which \"input_reference\" is sent; write "
      "another name");
  EXPECT_EQ(complaint_of_fields("image_field = \"image\"\n[api.fields]\nprompt = \"image\"\n"),
            "f.toml:3: api.image_field: is \"image\", under which \"prompt\" is sent; write another name");
  EXPECT_EQ(complaint_of_fields("[api.fields]\nseconds = \"duration\"\n[job]\nduration = 5\n"),
            "f.toml:6: job.duration: \"seconds\" is sent under this name ([api.fields]): write seconds");
}

TEST(LoadFields, TheImagesNameIsSaidOnce) {
  EXPECT_EQ(names_of("image_field = \"image\"\n[api.fields]\ninput_reference = \"image\"\n").image, "image");
  EXPECT_EQ(complaint_of_fields("image_field = \"image\"\n[api.fields]\ninput_reference = \"picture\"\n"),
            "f.toml:3: api.image_field: is \"image\", and [api.fields] input_reference is \"picture\"; "
            "remove one of "
            "the two");
}

TEST(LoadFields, NamesArePlain) {
  for (const char* value : {"\"a b\"", "\"\"", "1", "[\"a\"]"}) {
    EXPECT_EQ(
        complaint_of_fields("[api.fields]\nseconds = " + std::string(value) + "\n"),
        "f.toml:4: api.fields.seconds: must be a form field's name, such as \"input_reference\": letters, "
        "digits and _-.[]")
        << value;
  }
}

}  // namespace
}  // namespace reeld
