#include "settings/toml_reader.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;

TomlReader parse_toml(std::string_view text) {
  auto parsed = TomlReader::parse(text, "f.toml");
  if (const auto* complaint = std::get_if<SettingsComplaint>(&parsed))
    throw std::runtime_error(complaint->message);
  return std::get<TomlReader>(std::move(parsed));
}

std::string first_complaint(const TomlReader& reader) {
  const auto complaint = reader.complaints();
  return complaint ? complaint->message : "(no complaint)";
}

TEST(TomlReader, ReadsEachType) {
  auto reader = parse_toml(
      "[t]\nflag = true\ntext = \"x\"\nnumber = 7\nwait = \"5s\"\nsize = \"2KiB\"\nlist = [\"a\", \"b\"]\n"
      "one = 500\nmany = [500, 503]\nword = \"hold\"\n");
  bool flag = false;
  std::string text;
  std::uint32_t number = 0;
  milliseconds wait{0};
  Bytes size;
  std::vector<std::string> list;
  std::vector<int> one;
  std::vector<int> many;
  int word = 0;
  reader.read_bool("t.flag", flag);
  reader.read_text("t.text", text);
  reader.read_integer("t.number", number, {1, 10});
  reader.read_duration("t.wait", wait, {1s, 10s});
  reader.read_size("t.size", size, {Bytes{1}, mebibytes(1)});
  reader.read_texts("t.list", list);
  reader.read_integers("t.one", one, {100, 599});
  reader.read_integers("t.many", many, {100, 599});
  reader.read_word<int>("t.word", word, {{"hold", 1}, {"retry", 2}});
  EXPECT_EQ(first_complaint(reader), "(no complaint)");
  EXPECT_TRUE(flag);
  EXPECT_EQ(text, "x");
  EXPECT_EQ(number, 7U);
  EXPECT_EQ(wait, 5s);
  EXPECT_EQ(size, kibibytes(2));
  EXPECT_EQ(list, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(one, std::vector<int>{500});
  EXPECT_EQ(many, (std::vector<int>{500, 503}));
  EXPECT_EQ(word, 1);
}

TEST(TomlReader, WhatIsNotThereStaysAsItWas) {
  auto reader = parse_toml("");
  std::uint32_t number = 16;
  reader.read_integer("t.number", number, {1, 1000});
  EXPECT_EQ(number, 16U);
  EXPECT_FALSE(reader.has("t.number"));
  EXPECT_EQ(first_complaint(reader), "(no complaint)");
}

TEST(TomlReader, IntegersHaveLimitsAndALine) {
  std::uint32_t number = 16;
  auto zero = parse_toml("\n\n[submit]\nconcurrency = 0\n");
  zero.read_integer("submit.concurrency", number, {1, 1000});
  EXPECT_EQ(first_complaint(zero), "f.toml:4: submit.concurrency: must be 1 to 1000; 0 was given");
  auto negative = parse_toml("n = -1");
  negative.read_integer("n", number, {0, 1000});
  EXPECT_EQ(first_complaint(negative), "f.toml:1: n: must be 0 to 1000; -1 was given");
  auto huge = parse_toml("n = 4294967297");
  huge.read_integer("n", number, {0, 1000});
  EXPECT_EQ(first_complaint(huge), "f.toml:1: n: must be 0 to 1000; 4294967297 was given");
  EXPECT_EQ(number, 16U);
}

TEST(TomlReader, WrongTypesNameWhatWasFoundAndWhatToWrite) {
  bool flag = false;
  std::string text;
  std::uint32_t number = 0;
  milliseconds wait{0};
  Bytes size;
  std::vector<std::string> list;
  auto reader = parse_toml("a = \"yes\"");
  reader.read_bool("a", flag);
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be true or false, without quotes; the text \"yes\" was given");
  reader = parse_toml("a = 5");
  reader.read_text("a", text);
  EXPECT_EQ(first_complaint(reader), "f.toml:1: a: must be a text in quotes; the number 5 was given");
  reader = parse_toml("a = \"5\"");
  reader.read_integer("a", number, {1, 9});
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be a whole number from 1 to 9, without quotes; the text \"5\" was given");
  reader = parse_toml("a = 500");
  reader.read_duration("a", wait, {0s, 1h});
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be a duration in quotes, such as \"500ms\", \"10s\" or \"5m\"; the number 500 "
            "was given");
  reader = parse_toml("a = 1.5");
  reader.read_size("a", size, {Bytes{1}, kibibytes(1)});
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be a size in quotes, such as \"128KiB\" or \"32MiB\"; a number with a "
            "fraction was given");
  reader = parse_toml("a = false");
  reader.read_texts("a", list);
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be a list of texts, such as [\"one\", \"two\"]; false was given");
  reader = parse_toml("a = [1]");
  reader.read_texts("a", list);
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be a list of texts in quotes; the number 1 was given");
  reader = parse_toml("[a]\nb = 1");
  reader.read_text("a", text);
  EXPECT_EQ(first_complaint(reader), "f.toml:1: a: must be a text in quotes; a table was given");
  reader = parse_toml("a = 1979-05-27");
  reader.read_text("a", text);
  EXPECT_EQ(first_complaint(reader), "f.toml:1: a: must be a text in quotes; a date or time was given");
}

TEST(TomlReader, DurationsAndSizesHaveLimits) {
  milliseconds wait{7};
  Bytes size{7};
  auto reader = parse_toml("a = \"2h\"");
  reader.read_duration("a", wait, {1ms, 1h});
  EXPECT_EQ(first_complaint(reader), "f.toml:1: a: must be 1ms to 1h; \"2h\" was given");
  reader = parse_toml("a = \"1GiB\"");
  reader.read_size("a", size, {Bytes{1}, mebibytes(16)});
  EXPECT_EQ(first_complaint(reader), "f.toml:1: a: must be 1B to 16MiB; \"1GiB\" was given");
  reader = parse_toml("a = \"10\"");
  reader.read_duration("a", wait, {1ms, 1h});
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be a duration such as \"500ms\", \"10s\", \"5m\" or \"1h30m\"; \"10\" has no "
            "unit: ms, s, m, h "
            "or d");
  EXPECT_EQ(wait, 7ms);
  EXPECT_EQ(size, Bytes{7});
}

TEST(TomlReader, WordsAreAFewAndTheNearestIsSuggested) {
  int word = 0;
  auto reader = parse_toml("a = \"rety\"");
  reader.read_word<int>("a", word, {{"hold", 1}, {"retry", 2}});
  EXPECT_EQ(first_complaint(reader), "f.toml:1: a: must be \"hold\" or \"retry\"; did you mean \"retry\"?");
  reader = parse_toml("a = \"never\"");
  reader.read_word<int>("a", word, {{"warn", 1}, {"refuse", 2}, {"off", 3}});
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be \"warn\", \"refuse\" or \"off\"; \"never\" was given");
  reader = parse_toml("a = true");
  reader.read_word<int>("a", word, {{"hold", 1}, {"retry", 2}});
  EXPECT_EQ(first_complaint(reader), "f.toml:1: a: must be \"hold\" or \"retry\", in quotes; true was given");
}

TEST(TomlReader, IntegersAreOneOrAList) {
  std::vector<int> integers;
  auto reader = parse_toml("a = [500, 600]");
  reader.read_integers("a", integers, {100, 599});
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: must be a whole number from 100 to 599; the number 600 was given");
  reader = parse_toml("a = \"500\"");
  reader.read_integers("a", integers, {100, 599});
  EXPECT_EQ(
      first_complaint(reader),
      "f.toml:1: a: must be a whole number from 100 to 599, or a list of them; the text \"500\" was given");
  reader = parse_toml("a = []");
  reader.read_integers("a", integers, {100, 599});
  EXPECT_EQ(first_complaint(reader), "f.toml:1: a: is an empty list; leave the key out, or write a number");
}

TEST(TomlReader, ControlCharactersInTextAreRefusedAndNotPrinted) {
  std::string text;
  auto reader = parse_toml("a = \"x\\u001b[31m\"");
  reader.read_text("a", text);
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: a: has a newline or another control character in it; remove it");
  auto odd = parse_toml("\"a\\u001bb\" = 1");
  EXPECT_EQ(first_complaint(odd), "f.toml:1: a b: unknown key; remove it");
}

TEST(TomlReader, WhatIsNotTomlHasALine) {
  auto parsed = TomlReader::parse("[spool]\nsettle = 500ms\n", "/etc/reeld/reeld.toml");
  ASSERT_TRUE(std::holds_alternative<SettingsComplaint>(parsed));
  const std::string& message = std::get<SettingsComplaint>(parsed).message;
  EXPECT_TRUE(message.starts_with("/etc/reeld/reeld.toml:2: this is not TOML: ")) << message;
  EXPECT_TRUE(message.ends_with(" (one key = value a line; text stands in quotes, as in size = \"16x9\")"))
      << message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
  EXPECT_TRUE(std::holds_alternative<SettingsComplaint>(TomlReader::parse("a = 1\na = 2\n", "f.toml")));
  EXPECT_TRUE(std::holds_alternative<SettingsComplaint>(TomlReader::parse("a = \"\xff\"\n", "f.toml")));
}

TEST(TomlReader, TheComplaintThatStandsFirstIsSaid) {
  std::uint32_t number = 0;
  auto reader = parse_toml("[t]\nmistyped = 1\nlater = 0\nearlier = 0\n");
  reader.read_integer("t.earlier", number, {1, 2});
  reader.read_integer("t.later", number, {1, 2});
  EXPECT_EQ(first_complaint(reader), "f.toml:2: t.mistyped: unknown key; remove it");
}

TEST(TomlReader, RepeatedTablesAreCountedAndReadByIndex) {
  auto reader = parse_toml("[[rule]]\ncode = \"a\"\n[[rule]]\ncode = \"b\"\ncod = \"c\"\n");
  ASSERT_EQ(reader.count_tables("rule"), 2U);
  std::string first;
  std::string second;
  reader.read_text("rule[0].code", first);
  reader.read_text("rule[1].code", second);
  EXPECT_EQ(first, "a");
  EXPECT_EQ(second, "b");
  EXPECT_EQ(first_complaint(reader), "f.toml:5: rule.cod: unknown key; did you mean \"code\"?");
}

TEST(TomlReader, RepeatedTablesNeedTwoBrackets) {
  auto reader = parse_toml("[rule]\ncode = \"a\"\n");
  EXPECT_EQ(reader.count_tables("rule"), 0U);
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: rule: must be written [[rule]], in two brackets, once for each");
}

TEST(TomlReader, AFreeTableIsTextOfItsOwnInTheFilesOrder) {
  auto reader = parse_toml("[job]\nzoom = 1.5\nmodel = \"a \\\"b\\\"\"\nfast = true\n");
  EXPECT_EQ(reader.read_table("job"), "zoom = 1.5\nmodel = 'a \"b\"'\nfast = true\n");
  EXPECT_EQ(first_complaint(reader), "(no complaint)");
  auto wrong = parse_toml("job = 3\n");
  EXPECT_EQ(wrong.read_table("job"), "");
  EXPECT_EQ(first_complaint(wrong),
            "f.toml:1: job: must be a table: [job] on a line of its own, its keys below it; the number 3 was "
            "given");
}

TEST(TomlReader, ATableMustBeATable) {
  auto reader = parse_toml("spool = \"/srv\"\n");
  std::string path;
  reader.read_text("spool.path", path);
  EXPECT_EQ(first_complaint(reader),
            "f.toml:1: spool: must be a table: write [spool] on a line of its own, its keys below it");
}

TEST(TomlReader, AQuotedDotDoesNotPassForAPath) {
  auto reader = parse_toml("\"spool.path\" = \"/srv\"\n");
  std::string path;
  reader.read_text("spool.path", path);
  EXPECT_EQ(path, "");
  EXPECT_NE(first_complaint(reader), "(no complaint)");
}

TEST(TomlReader, OwnComplaintsHaveTheKeysLineOrItsTables) {
  auto reader = parse_toml("\n[api]\nurl = \"x\"\n");
  std::string url;
  reader.read_text("api.url", url);
  reader.complain("api.url", "is wrong");
  EXPECT_EQ(first_complaint(reader), "f.toml:3: api.url: is wrong");
  auto missing = parse_toml("\n[api]\n");
  missing.read_text("api.url", url);
  missing.complain("api.url", "missing");
  EXPECT_EQ(first_complaint(missing), "f.toml:2: api.url: missing");
  auto nothing = parse_toml("");
  nothing.complain("api.url", "missing");
  EXPECT_EQ(first_complaint(nothing), "f.toml: api.url: missing");
}

}  // namespace
}  // namespace reeld
