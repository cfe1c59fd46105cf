// The table [job]: form fields.

#include <gtest/gtest.h>

#include "settings/load.hpp"

namespace reeld {
namespace {

std::variant<Settings, SettingsComplaint> load_job(const std::string& job) {
  return load_settings("[api]\nurl = \"https://a.example\"\n" + job, "f.toml");
}

JobFields fields_of(const std::string& job) {
  auto loaded = load_job(job);
  if (const auto* complaint = std::get_if<SettingsComplaint>(&loaded)) {
    ADD_FAILURE() << complaint->message;
    return {};
  }
  return std::get<Settings>(std::move(loaded)).job;
}

std::string job_complaint_of(const std::string& job) {
  const auto loaded = load_job(job);
  const auto* complaint = std::get_if<SettingsComplaint>(&loaded);
  return complaint == nullptr ? "(no complaint)" : complaint->message;
}

TEST(LoadJob, KeysReplaceTheDefaultsInPlaceAndNewOnesFollow) {
  const JobFields expected{{"model", "veo"},       {"seconds", "12"}, {"size", "16x9"},
                           {"watermark", "false"}, {"zeta", "1.5"},   {"alpha", "true"}};
  EXPECT_EQ(fields_of("[job]\nzeta = 1.5\nseconds = 12\nmodel = \"veo\"\nalpha = true\n"), expected);
}

TEST(LoadJob, AnEmptyTextMeansNotSent) {
  const JobFields fields = fields_of("[job]\nwatermark = \"\"\n");
  ASSERT_NE(find_field(fields, "watermark"), nullptr);
  EXPECT_EQ(*find_field(fields, "watermark"), "");
}

TEST(LoadJob, EveryWayToWriteATableIsUnderstood) {
  EXPECT_EQ(*find_field(fields_of("[job]\nmodel = \"\"\"a\nb\"\"\"\n"), "model"), "a\nb");
  const auto inline_table =
      load_settings("job = {model = \"x\"}\napi.url = \"https://a.example\"\n", "f.toml");
  ASSERT_TRUE(std::holds_alternative<Settings>(inline_table));
  EXPECT_EQ(*find_field(std::get<Settings>(inline_table).job, "model"), "x");
}

TEST(LoadJob, TheImagesUsualFieldIsAnOrdinaryOneWhereItHasAnother) {
  const JobFields fields = fields_of("image_field = \"image\"\n[job]\ninput_reference = \"x\"\n");
  ASSERT_NE(find_field(fields, "input_reference"), nullptr);
  EXPECT_EQ(*find_field(fields, "input_reference"), "x");
}

TEST(LoadJob, WhatCannotBeAFieldIsRefusedAtItsLine) {
  EXPECT_TRUE(
      job_complaint_of("[job]\nseconds = 4\nprompt = \"a cat\"\n").starts_with("f.toml:5: job.prompt: "))
      << job_complaint_of("[job]\nseconds = 4\nprompt = \"a cat\"\n");
  EXPECT_TRUE(job_complaint_of("[job]\ninput_reference = \"x.png\"\n")
                  .starts_with("f.toml:4: job.input_reference: "));
  EXPECT_TRUE(job_complaint_of("image_field = \"image\"\n[job]\nimage = \"x.png\"\n")
                  .starts_with("f.toml:5: job.image: "));
  EXPECT_TRUE(job_complaint_of("[job]\nsize = [1, 2]\n").starts_with("f.toml:4: job.size: "));
  EXPECT_TRUE(job_complaint_of("[job]\nsize = {w = 1}\n").starts_with("f.toml:4: job.size: "));
  EXPECT_TRUE(job_complaint_of("job = 1\n").starts_with("f.toml:3: api.job: unknown key"));
}

}  // namespace
}  // namespace reeld
