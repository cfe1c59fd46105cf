#include "codec/job_fields.hpp"

#include <gmock/gmock.h>

namespace reeld {

void PrintTo(const JobField& field, std::ostream* out) {
  *out << field.name << '=' << field.value;
}

namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;

JobFields read_fields(std::string_view toml, std::string_view image_field = "input_reference") {
  const JobFieldsResult result = read_job_fields(toml, image_field);
  EXPECT_FALSE(result.complaint) << result.complaint->reason;
  return result.fields;
}

TomlComplaint refuse_fields(std::string_view toml, std::string_view image_field = "input_reference") {
  const JobFieldsResult result = read_job_fields(toml, image_field);
  EXPECT_TRUE(result.complaint) << toml;
  EXPECT_TRUE(result.fields.empty());
  return result.complaint.value_or(TomlComplaint{});
}

struct ValueCase {
  std::string_view toml;
  std::string_view text;
};

class JobFieldValue : public testing::TestWithParam<ValueCase> {};

TEST_P(JobFieldValue, BecomesText) {
  const JobFields fields = read_fields("key = " + std::string(GetParam().toml));
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0], (JobField{"key", std::string(GetParam().text)}));
}

INSTANTIATE_TEST_SUITE_P(
    Types, JobFieldValue,
    testing::Values(ValueCase{"10", "10"}, ValueCase{"-3", "-3"}, ValueCase{"0x10", "16"},
                    ValueCase{"1_000", "1000"}, ValueCase{"false", "false"}, ValueCase{"true", "true"},
                    ValueCase{"1.0", "1.0"}, ValueCase{"-2.0", "-2.0"}, ValueCase{"0.1", "0.1"},
                    ValueCase{"2.50", "2.5"}, ValueCase{"1e30", "1e+30"}, ValueCase{"\"16x9\"", "16x9"},
                    ValueCase{"''", ""}, ValueCase{"\"a\\nb\"", "a\nb"},
                    ValueCase{"'''\nlines\nof it'''", "lines\nof it"}, ValueCase{"\"让牛\"", "让牛"},
                    ValueCase{"2026-11-22", "2026-11-22"}, ValueCase{"07:32:00", "07:32:00"},
                    ValueCase{"2026-11-22T07:32:00Z", "2026-11-22T07:32:00Z"},
                    ValueCase{"2026-11-22T07:32:00", "2026-11-22T07:32:00"}));

TEST(ReadJobFields, KeepsTheOrderOfTheFile) {
  const JobFields expected = {{"zeta", "1"}, {"model", "sora-2"}, {"alpha", "2"}, {"beta", "3"}};
  EXPECT_EQ(read_fields("zeta = 1\nmodel = 'sora-2'\nalpha = 2\nbeta = 3\n"), expected);
}

TEST(ReadJobFields, TakesNothingAndComments) {
  EXPECT_TRUE(read_fields("").empty());
  EXPECT_TRUE(read_fields("# only a comment\r\n\r\n").empty());
}

TEST(ReadJobFields, UnderstandsAJobTable) {
  const JobFields expected = {{"size", "16x9"}, {"model", "sora-2"}, {"seconds", "4"}};
  EXPECT_EQ(read_fields("size = '16x9'\n[job]\nmodel = 'sora-2'\nseconds = 4\n"), expected);
  EXPECT_EQ(read_fields("job = { model = 'x' }"), (JobFields{{"model", "x"}}));
}

TEST(ReadJobFields, LetsTheLaterMentionWinInPlace) {
  const JobFields expected = {{"model", "second"}, {"size", "16x9"}};
  EXPECT_EQ(read_fields("model = 'first'\nsize = '16x9'\n[job]\nmodel = 'second'\n"), expected);
}

TEST(ReadJobFields, TakesWindowsText) {
  EXPECT_EQ(read_fields("\xEF\xBB\xBFmodel = 'a'\r\nseconds = 4\r\n"),
            (JobFields{{"model", "a"}, {"seconds", "4"}}));
}

TEST(ReadJobFields, RefusesTablesAndArrays) {
  const TomlComplaint table = refuse_fields("model = 'a'\n\n[other]\nx = 1\n");
  EXPECT_EQ(table.line, 3);
  EXPECT_EQ(table.key, "other");
  EXPECT_THAT(table.reason, HasSubstr("table"));

  const TomlComplaint array = refuse_fields("model = 'a'\nsizes = [1, 2]\n");
  EXPECT_EQ(array.line, 2);
  EXPECT_EQ(array.key, "sizes");
  EXPECT_THAT(array.reason, HasSubstr("array"));

  EXPECT_EQ(refuse_fields("[job.inner]\nx = 1\n").key, "inner");
  EXPECT_EQ(refuse_fields("[[job]]\nx = 1\n").key, "job");
  EXPECT_EQ(refuse_fields("a.b = 1\n").key, "a");
}

TEST(ReadJobFields, RefusesThePairsOwnFiles) {
  EXPECT_EQ(refuse_fields("prompt = 'x'").key, "prompt");
  EXPECT_EQ(refuse_fields("model = 'x'\n[job]\ninput_reference = 'y.png'").line, 3);
  EXPECT_THAT(refuse_fields("'' = 1").reason, HasSubstr("name"));
}

TEST(ReadJobFields, RefusesTheImagesFieldWhateverItsName) {
  EXPECT_EQ(refuse_fields("image = 'x.png'", "image").key, "image");
  EXPECT_EQ(refuse_fields("model = 'x'\n[job]\nimage = 'y.png'", "image").line, 3);
  EXPECT_EQ(read_fields("image = 'a text'"), (JobFields{{"image", "a text"}}));
  EXPECT_EQ(read_fields("input_reference = 'a text'", "image"), (JobFields{{"input_reference", "a text"}}));
}

TEST(ReadJobFields, RefusesATextThatIsTooLongForTheStack) {
  std::string deep = "a";
  while (deep.size() + 5 <= max_parameters.count) deep += ".a";
  EXPECT_EQ(refuse_fields(deep + "=1").key, "a");
  while (deep.size() < 1'000'000) deep += ".a";
  const TomlComplaint complaint = refuse_fields(deep + "=1");
  EXPECT_EQ(complaint.key, "");
  EXPECT_THAT(complaint.reason, HasSubstr("more than 16 KiB"));
}

TEST(ReadJobFields, NamesTheLineOfWhatIsNoToml) {
  const TomlComplaint complaint = refuse_fields("model = 'a'\nsize = 16x9\n");
  EXPECT_EQ(complaint.line, 2);
  EXPECT_EQ(complaint.key, "");
  EXPECT_THAT(complaint.reason, HasSubstr("quotes"));
  EXPECT_EQ(refuse_fields("model = 'a'\nmodel = 'b'\n").line, 2);
  EXPECT_EQ(refuse_fields("just some words").line, 1);
}

TEST(ReadJobFields, RefusesOtherEncodings) {
  EXPECT_THAT(refuse_fields(std::string_view("\xFF\xFEm\0", 4)).reason, HasSubstr("UTF-16"));
  EXPECT_EQ(refuse_fields("a = 1\nb = '\xE9t\xE9'\n").line, 2);
}

TEST(ReadJobFields, TellsWhatIsNoTomlFromWhatIsWrong) {
  for (const std::string_view text :
       {"size = 16x9"sv, "model = \"a"sv, "model"sv, "a = 1\na = 2"sv, "\xFF\xFEm\0"sv, "b = '\xE9'"sv})
    EXPECT_TRUE(refuse_fields(text).is_unread) << text;
  EXPECT_TRUE(refuse_fields(std::string(17'000, '\n')).is_unread);
  for (const char* const text : {"size = [1]", "[size]\na = 1", "prompt = 'x'"})
    EXPECT_FALSE(refuse_fields(text).is_unread) << text;
}

TEST(ReadFolderFields, TakesTheJobOfAConfigurationAlone) {
  const auto read = [](std::string_view text) { return read_folder_fields(text, "input_reference"); };
  const auto whole = read(
      "[spool]\npath = '/x'\nignore = ['a']\n[api]\nurl = 'u'\n[job]\nmodel = 'm'\n[submit]\nconcurrency = "
      "2\n");
  EXPECT_FALSE(whole.complaint);
  EXPECT_EQ(whole.fields, (JobFields{{"model", "m"}}));
  EXPECT_TRUE(read("[api]\nurl = 'u'\n").fields.empty());
  EXPECT_FALSE(read("[api]\nurl = 'u'\n").complaint);
  EXPECT_EQ(read("[spool]\n[job]\nmodel = [1]\n").complaint->key, "model");
  EXPECT_EQ(read("api = 'u'\nmodel = 'm'\n").fields, (JobFields{{"api", "u"}, {"model", "m"}}));
  EXPECT_EQ(read("model = 'a'\n[job]\nsize = '1x1'\n").fields, (JobFields{{"model", "a"}, {"size", "1x1"}}));
  EXPECT_EQ(read("[submit]\nconcurrency = 2\n").complaint->key, "submit");
  EXPECT_TRUE(read("[api]\nurl = \n").complaint->is_unread);
}

TEST(Overlay, ReplacesInPlaceAndAppends) {
  const JobFields base = {{"model", "a"}, {"size", "16x9"}};
  const JobFields over = {{"size", ""}, {"private", "true"}};
  EXPECT_EQ(overlay(base, over), (JobFields{{"model", "a"}, {"size", ""}, {"private", "true"}}));
  EXPECT_EQ(overlay(base, {}), base);
  EXPECT_EQ(overlay({}, over), over);
}

TEST(FindField, FindsByName) {
  const JobFields fields = {{"model", "a"}, {"size", ""}};
  ASSERT_NE(find_field(fields, "size"), nullptr);
  EXPECT_EQ(*find_field(fields, "model"), "a");
  EXPECT_EQ(find_field(fields, "Model"), nullptr);
}

}  // namespace
}  // namespace reeld
