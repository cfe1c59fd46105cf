// The configuration that is installed: it loads, and what it shows as defaults are the defaults.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "settings/load.hpp"

namespace reeld {
namespace {

constexpr const char* installed_file = REELD_INSTALLED_CONFIG;

std::string read_installed() {
  std::ifstream stream(installed_file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// "#key = value" and "#[[verdict]]" become live; "# prose" does not.
std::string uncomment(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    const bool is_prose = line.size() < 2 || line[0] != '#' || line[1] == ' ';
    result += (is_prose ? line : line.substr(1)) + "\n";
  }
  return result;
}

Settings load_installed(const std::string& text) {
  auto loaded = load_settings(text, installed_file);
  if (const auto* complaint = std::get_if<SettingsComplaint>(&loaded)) {
    ADD_FAILURE() << complaint->message;
    return {};
  }
  return std::get<Settings>(std::move(loaded));
}

void expect_defaults(const Settings& settings) {
  Settings defaults;
  defaults.api.url = settings.api.url;
  EXPECT_EQ(settings.spool, defaults.spool);
  EXPECT_EQ(settings.api, defaults.api);
  EXPECT_EQ(settings.job, defaults.job);
  EXPECT_EQ(settings.submit, defaults.submit);
  EXPECT_EQ(settings.follow, defaults.follow);
  EXPECT_EQ(settings.log, defaults.log);
  EXPECT_EQ(settings.metrics, defaults.metrics);
  EXPECT_EQ(settings.page, defaults.page);
  EXPECT_EQ(settings.hooks, defaults.hooks);
  EXPECT_EQ(settings.ledger, defaults.ledger);
}

/// Nothing is sent, and paid for, before somebody has said where to.
TEST(InstalledConfig, NamesNoServer) {
  const auto loaded = load_settings(read_installed(), installed_file);
  const auto* const complaint = std::get_if<SettingsComplaint>(&loaded);
  ASSERT_NE(complaint, nullptr);
  EXPECT_NE(complaint->message.find("api.url"), std::string::npos) << complaint->message;
}

TEST(InstalledConfig, ChangesNothingBesides) {
  SettingsOverrides overrides;
  overrides.url = "https://a.example";
  const auto loaded = load_settings(read_installed(), installed_file, overrides);
  ASSERT_TRUE(std::holds_alternative<Settings>(loaded));
  EXPECT_TRUE(std::get<Settings>(loaded).verdicts.empty());
  expect_defaults(std::get<Settings>(loaded));
}

TEST(InstalledConfig, EveryValueThatItShowsIsTheDefault) {
  const Settings settings = load_installed(uncomment(read_installed()));
  EXPECT_EQ(settings.api.url.videos_url(), "https://api.jxincm.cn/v1/videos");
  expect_defaults(settings);
  const VerdictRule example{{500, 503}, "do_request_failed", "upstream", Verdict::throttled};
  EXPECT_EQ(settings.verdicts, std::vector<VerdictRule>{example});
}

// Each key of the settings, so that a new one cannot be left out of the file. Their number is checked from
// the other side too: an unknown key would not load.
TEST(InstalledConfig, ShowsEveryKey) {
  const std::string text = uncomment(read_installed());
  for (const char* key : {"path",
                          "recursive",
                          "settle",
                          "incomplete_after",
                          "image_size",
                          "rescan",
                          "poll",
                          "max_prompt",
                          "max_image",
                          "ignore",
                          "url",
                          "key_file",
                          "ca_file",
                          "proxy",
                          "idempotency_header",
                          "image_field",
                          "connect_timeout",
                          "upload_timeout",
                          "response_timeout",
                          "reuse_idle",
                          "client_cert_file",
                          "client_key_file",
                          "auth_header",
                          "allow_http",
                          "model",
                          "seconds",
                          "size",
                          "watermark",
                          "concurrency",
                          "per_minute",
                          "per_day",
                          "backoff",
                          "account_retry",
                          "on_doubt",
                          "doubt_pause",
                          "duplicates",
                          "ask_above",
                          "drain_timeout",
                          "status",
                          "code",
                          "contains",
                          "verdict",
                          "enabled",
                          "deadline",
                          "download",
                          "variants",
                          "max_rate",
                          "max_video",
                          "keep_free",
                          "allow",
                          "key_files",
                          "token_file",
                          "hosts",
                          "on",
                          "exec",
                          "level",
                          "format",
                          "file",
                          "listen",
                          "keep"}) {
    EXPECT_NE(text.find(std::string("\n") + key + " = "), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace reeld
