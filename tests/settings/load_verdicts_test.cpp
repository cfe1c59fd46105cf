// [[verdict]]: the user's own rules.

#include <gtest/gtest.h>

#include "settings/load.hpp"

namespace reeld {
namespace {

// The rules begin on the file's third line.
std::variant<Settings, SettingsComplaint> load_rules(const std::string& rules) {
  return load_settings("[api]\nurl = \"https://a.example\"\n" + rules, "f.toml");
}

std::string rules_complaint_of(const std::string& rules) {
  const auto loaded = load_rules(rules);
  const auto* complaint = std::get_if<SettingsComplaint>(&loaded);
  return complaint == nullptr ? "(no complaint)" : complaint->message;
}

TEST(LoadVerdicts, RulesKeepTheirOrder) {
  const auto loaded = load_rules(
      "[[verdict]]\nstatus = [500, 503]\ncode = \"do_request_failed\"\ncontains = \"upstream\"\nverdict = "
      "\"throttled\"\n"
      "[[verdict]]\nstatus = 418\nverdict = \"refused\"\n"
      "[[verdict]]\ncode = \"x\"\nverdict = \"account\"\n"
      "[[verdict]]\ncontains = \"y\"\nverdict = \"doubt\"\n");
  ASSERT_TRUE(std::holds_alternative<Settings>(loaded)) << std::get<SettingsComplaint>(loaded).message;
  const std::vector<VerdictRule> expected{{{500, 503}, "do_request_failed", "upstream", Verdict::throttled},
                                          {{418}, "", "", Verdict::refused},
                                          {{}, "x", "", Verdict::account},
                                          {{}, "", "y", Verdict::doubt}};
  EXPECT_EQ(std::get<Settings>(loaded).verdicts, expected);
}

TEST(LoadVerdicts, NoRuleMakesAJobAcceptedOrUnsent) {
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nstatus = 202\nverdict = \"accepted\"\n"),
            "f.toml:5: verdict.verdict: cannot be \"accepted\": only an answer with a job's id makes a job "
            "accepted");
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nstatus = 500\nverdict = \"unsent\"\n"),
            "f.toml:5: verdict.verdict: cannot be \"unsent\": that a job was not created is known only where "
            "its request was "
            "never sent whole; \"throttled\" tries again");
}

TEST(LoadVerdicts, ARuleNeedsAConditionAndAVerdict) {
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nverdict = \"doubt\"\n"),
            "f.toml:3: verdict: needs at least one of status, code and contains: a rule without them would "
            "be true of every "
            "answer");
  EXPECT_EQ(rules_complaint_of("[[verdict]]\ncode = \"\"\nverdict = \"doubt\"\n"),
            "f.toml:3: verdict: needs at least one of status, code and contains: a rule without them would "
            "be true of every "
            "answer");
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nstatus = 500\n"),
            "f.toml:3: verdict.verdict: missing; write verdict = \"throttled\", \"account\", \"refused\" or "
            "\"doubt\"");
}

TEST(LoadVerdicts, ValuesAreChecked) {
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nstatus = 600\nverdict = \"doubt\"\n"),
            "f.toml:4: verdict.status: must be a whole number from 100 to 599; the number 600 was given");
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nstatus = [500, \"x\"]\nverdict = \"doubt\"\n"),
            "f.toml:4: verdict.status: must be a whole number from 100 to 599, or a list of them; the text "
            "\"x\" was given");
  EXPECT_EQ(
      rules_complaint_of("[[verdict]]\nstatus = 500\nverdict = \"trottled\"\n"),
      "f.toml:5: verdict.verdict: must be \"throttled\", \"account\", \"refused\" or \"doubt\"; did you mean "
      "\"throttled\"?");
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nstatus = 500\nverdict = 1\n"),
            "f.toml:5: verdict.verdict: must be a text in quotes; the number 1 was given");
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nstatuses = 500\nverdict = \"doubt\"\n"),
            "f.toml:4: verdict.statuses: unknown key; did you mean \"status\"?");
  EXPECT_EQ(rules_complaint_of("[[verdict]]\nstatus = 500\nstatuses = 500\nverdict = \"doubt\"\n"),
            "f.toml:5: verdict.statuses: unknown key; did you mean \"status\"?");
  EXPECT_EQ(rules_complaint_of("[verdict]\nstatus = 500\nverdict = \"doubt\"\n"),
            "f.toml:3: verdict: must be written [[verdict]], in two brackets, once for each");
}

}  // namespace
}  // namespace reeld
