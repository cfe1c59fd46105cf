#include "settings/load.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view file = "/etc/reeld/reeld.toml";
const std::string with_url = "[api]\nurl = \"https://a.example\"\n";  // two lines

std::string complaint_of(std::string_view text, const SettingsOverrides& overrides = {}) {
  const auto loaded = load_settings(text, file, overrides);
  const auto* complaint = std::get_if<SettingsComplaint>(&loaded);
  return complaint == nullptr ? "(no complaint)" : complaint->message;
}

Settings load(std::string_view text, const SettingsOverrides& overrides = {}) {
  auto loaded = load_settings(text, file, overrides);
  if (const auto* complaint = std::get_if<SettingsComplaint>(&loaded)) {
    ADD_FAILURE() << complaint->message;
    return {};
  }
  return std::get<Settings>(std::move(loaded));
}

// What is said of one line that follows a URL: the line is the file's fourth.
std::string complaint_in(const std::string& table, const std::string& line) {
  return complaint_of(with_url + "[" + table + "]\n" + line + "\n");
}

TEST(LoadSettings, ReadsFoldersToIgnoreStrictly) {
  EXPECT_EQ(load(with_url + "[spool]\nignore = [\"Archive\", \"!lost+found\"]\n").spool.ignore,
            (std::vector<std::string>{"Archive", "!lost+found"}));
  const std::string place = "/etc/reeld/reeld.toml:4: spool.";
  EXPECT_EQ(complaint_in("spool", "ignore = [\"a/b\"]"),
            place + "ignore: must hold names of folders, without a path; \"a/b\" has a \"/\"");
  EXPECT_EQ(complaint_in("spool", "ignore = [\"!films\"]"),
            place + "ignore: takes \"films\" off the built-in list, which does not have it");
  for (const char* const empty : {"ignore = [\"\"]", "ignore = [\"!\"]"})
    EXPECT_EQ(complaint_in("spool", empty), place + "ignore: has an empty name; write the name of a folder");
  EXPECT_NE(complaint_in("spool", "ignore = \"a\""), "(no complaint)");
}

TEST(LoadSettings, AUrlIsEnough) {
  const Settings settings = load(with_url);
  Settings expected;
  expected.api.url = settings.api.url;
  EXPECT_EQ(settings.api.url.videos_url(), "https://a.example/v1/videos");
  EXPECT_EQ(settings.spool, expected.spool);
  EXPECT_EQ(settings.api, expected.api);
  EXPECT_EQ(settings.job, expected.job);
  EXPECT_EQ(settings.submit, expected.submit);
  EXPECT_EQ(settings.follow, expected.follow);
  EXPECT_EQ(settings.log, expected.log);
  EXPECT_EQ(settings.metrics, expected.metrics);
  EXPECT_EQ(settings.ledger, expected.ledger);
  EXPECT_TRUE(settings.verdicts.empty());
}

TEST(LoadSettings, NothingIsSentAnywhereByDefault) {
  EXPECT_EQ(complaint_of(""),
            "/etc/reeld/reeld.toml: api.url: missing; write url = \"https://api.example.com\" under [api], "
            "or give --url");
  EXPECT_EQ(complaint_of("\n[api]\nproxy = \"\"\n"),
            "/etc/reeld/reeld.toml:2: api.url: missing; write url = \"https://api.example.com\" under [api], "
            "or give --url");
  EXPECT_EQ(complaint_of("[api]\nurl = \"\"\n"),
            "/etc/reeld/reeld.toml:2: api.url: must be the API's URL, such as \"https://api.example.com\"; "
            "it is empty");
}

TEST(LoadSettings, WithoutAFileTheThreeWaysAreNamed) {
  const auto loaded = load_settings("", "");
  ASSERT_TRUE(std::holds_alternative<SettingsComplaint>(loaded));
  EXPECT_EQ(std::get<SettingsComplaint>(loaded).message,
            "no API URL: give --url URL, or name a configuration file with --config FILE, or write "
            "/etc/reeld/reeld.toml");
  const auto given = load_settings("", "", {std::nullopt, "https://a.example"});
  ASSERT_TRUE(std::holds_alternative<Settings>(given));
}

TEST(LoadSettings, TheCommandLineOverridesTheFile) {
  const Settings settings =
      load(with_url + "[spool]\npath = \"/srv/one\"\n", {"two", "http://localhost:8080"});
  EXPECT_EQ(settings.spool.path, "two");
  EXPECT_EQ(settings.api.url.videos_url(), "http://localhost:8080/v1/videos");
  EXPECT_EQ(complaint_of("", {std::nullopt, "https://a.example"}), "(no complaint)");
}

TEST(LoadSettings, MistakesOnTheCommandLineNameTheOption) {
  EXPECT_EQ(complaint_of(with_url, {std::nullopt, "a.example"}),
            "--url: must begin with \"https://\"; write \"https://a.example\"");
  EXPECT_EQ(complaint_of(with_url, {"", std::nullopt}), "--spool: is empty; write the spool's directory");
}

TEST(LoadSettings, AWrongUrlInTheFileIsAMistakeEvenWhereItIsOverridden) {
  EXPECT_EQ(complaint_of("[api]\nurl = \"http://a.example\"\n", {std::nullopt, "https://b.example"}),
            "/etc/reeld/reeld.toml:2: api.url: is http, where the API key could be read on its way; write "
            "\"https://a.example\", or, where the network between can be trusted, name the host under [api]: "
            "allow_http = [\"a.example\"]");
}

TEST(LoadSettings, UnknownKeysAreErrorsWithASuggestion) {
  EXPECT_EQ(complaint_in("spool", "setle = \"1s\""),
            "/etc/reeld/reeld.toml:4: spool.setle: unknown key; did you mean \"settle\"?");
  EXPECT_EQ(complaint_in("spol", "settle = \"1s\""),
            "/etc/reeld/reeld.toml:3: spol: unknown table; did you mean \"spool\"?");
  EXPECT_EQ(complaint_in("submit", "conect_timeout = \"1s\""),
            "/etc/reeld/reeld.toml:4: submit.conect_timeout: unknown key; remove it");
  EXPECT_EQ(
      complaint_in("submit", "connect_timeout = \"1s\""),
      "/etc/reeld/reeld.toml:4: submit.connect_timeout: unknown key; did you mean \"api.connect_timeout\"?");
}

TEST(LoadSettings, AKeyInTheFileIsRefusedWithoutShowingIt) {
  for (const char* name : {"key", "api_key", "token"}) {
    const std::string complaint = complaint_of(with_url + name + " = \"hunter2\"\n");
    EXPECT_EQ(complaint,
              std::string("/etc/reeld/reeld.toml:3: api.") + name +
                  ": the API key never goes into this file; write it to a file of its own and name that as "
                  "api.key_file, or provide the systemd credential \"api-key\", or set REELD_API_KEY");
  }
  EXPECT_EQ(complaint_of(with_url + "key_file = \"hunter2\"\n"),
            "/etc/reeld/reeld.toml:3: api.key_file: must be an absolute path, one that begins with \"/\"");
}

TEST(LoadSettings, TheSpool) {
  const Settings settings =
      load(with_url +
           "[spool]\npath = \"/srv/in\"\nrecursive = false\nsettle = \"1s\"\nincomplete_after = \"1h\"\n"
           "image_size = \"refuse\"\nrescan = \"1m\"\npoll = \"1s\"\nmax_prompt = \"64KiB\"\n"
           "max_image = \"1GiB\"\n");
  SpoolSettings expected;
  expected.path = "/srv/in";
  expected.recursive = false;
  expected.settle = 1s;
  expected.incomplete_after = 1h;
  expected.image_size = ImageSizePolicy::refuse;
  expected.rescan = 1min;
  expected.poll = 1s;
  expected.max_prompt = kibibytes(64);
  expected.max_image = mebibytes(1024);
  EXPECT_EQ(settings.spool, expected);
  EXPECT_EQ(complaint_in("spool", "path = \"in\""),
            "/etc/reeld/reeld.toml:4: spool.path: must be an absolute path, one that begins with \"/\"");
  EXPECT_EQ(complaint_in("spool", "path = \"\""),
            "/etc/reeld/reeld.toml:4: spool.path: is empty; write the spool's directory");
}

TEST(LoadSettings, Submission) {
  const Settings settings =
      load(with_url +
           "[submit]\nconcurrency = 1000\nper_minute = 60\nper_day = 500\nbackoff = [\"2s\", \"2s\"]\n"
           "account_retry = \"1m\"\non_doubt = \"retry\"\ndoubt_pause = \"30m\"\ndrain_timeout = \"0s\"\n");
  SubmitSettings expected;
  expected.lane.concurrency = 1000;
  expected.lane.per_minute = 60;
  expected.lane.per_day = 500;
  expected.lane.backoff_min = 2s;
  expected.lane.backoff_max = 2s;
  expected.lane.account_retry = 1min;
  expected.scheduler.repeats_doubts = true;
  expected.lane.doubt_pause = 30min;
  expected.drain_timeout = 0s;
  EXPECT_EQ(settings.submit, expected);
  EXPECT_EQ(complaint_in("submit", "concurrency = 0"),
            "/etc/reeld/reeld.toml:4: submit.concurrency: must be 1 to 1000; 0 was given");
}

TEST(LoadSettings, BackoffIsTwoDurationsInOrder) {
  const std::string place = "/etc/reeld/reeld.toml:4: submit.backoff: ";
  const std::string wanted = "must be two durations, the least and the most, such as [\"1s\", \"5m\"]";
  EXPECT_EQ(complaint_in("submit", "backoff = [\"1s\"]"), place + wanted);
  EXPECT_EQ(complaint_in("submit", "backoff = []"), place + wanted);
  EXPECT_EQ(complaint_in("submit", "backoff = [\"5m\", \"1s\"]"),
            place + "must have the shorter duration first, such as [\"1s\", \"5m\"]");
  EXPECT_EQ(complaint_in("submit", "backoff = [\"0s\", \"1s\"]"), place + "must be of 1ms to 1d each");
  EXPECT_EQ(complaint_in("submit", "backoff = [\"1\", \"5m\"]"),
            place +
                "must be a duration such as \"500ms\", \"10s\", \"5m\" or \"1h30m\"; \"1\" has no unit: ms, "
                "s, m, h or d");
  EXPECT_EQ(complaint_in("submit", "backoff = \"1s\""),
            place + "must be a list of texts, such as [\"one\", \"two\"]; the text \"1s\" was given");
}

TEST(LoadSettings, LogMetricsAndLedger) {
  const Settings settings =
      load(with_url +
           "[log]\nlevel = \"debug\"\nformat = \"journal\"\nfile = \"/var/log/reeld.log\"\n"
           "[metrics]\nlisten = \":9465\"\n[ledger]\npath = \"/srv/ledger.db\"\nkeep = \"1d\"\n");
  EXPECT_EQ(settings.log, (LogSettings{LogLevel::debug, LogFormat::journal, "/var/log/reeld.log"}));
  EXPECT_EQ(settings.metrics.listen, "127.0.0.1:9465");
  EXPECT_EQ(settings.ledger, (LedgerSettings{"/srv/ledger.db", 24h}));
  for (const std::string keep : {"23h", "1s", "0s", "3651d"}) {
    EXPECT_EQ(complaint_in("ledger", "keep = \"" + keep + "\""),
              "/etc/reeld/reeld.toml:4: ledger.keep: must be 1d to 3650d; \"" + keep +
                  "\" was given ([submit] per_day is counted over the last 24 hours, from the jobs that the "
                  "ledger remembers)");
  }
  EXPECT_EQ(complaint_in("log", "level = \"warn\""),
            "/etc/reeld/reeld.toml:4: log.level: must be \"debug\", \"info\", \"warning\" or \"error\"; "
            "\"warn\" was given");
  EXPECT_EQ(complaint_in("metrics", "listen = \"9465x\""),
            "/etc/reeld/reeld.toml:4: metrics.listen: must end in a port from 1 to 65535, such as "
            "\"127.0.0.1:9465\"");
}

TEST(LoadSettings, Following) {
  const Settings settings =
      load(with_url +
           "[follow]\nenabled = true\nconcurrency = 8\npoll = \"1m\"\ndeadline = \"1d\"\ndownload = false\n"
           "variants = [\"thumbnail\", \"video\"]\nmax_rate = \"10MiB/s\"\n");
  FollowSettings expected;
  expected.enabled = true;
  expected.concurrency = 8;
  expected.poll = 1min;
  expected.deadline = 24h;
  expected.download = false;
  expected.variants = {"thumbnail", "video"};
  expected.max_rate = mebibytes(10);
  EXPECT_EQ(settings.follow, expected);
  const std::string place = "/etc/reeld/reeld.toml:4: follow.";
  EXPECT_EQ(complaint_in("follow", "variants = [\"gif\"]"),
            place + "variants: must hold only \"video\", \"thumbnail\" and \"spritesheet\"");
  EXPECT_EQ(complaint_in("follow", "variants = [\"video\", \"video\"]"),
            place + "variants: has \"video\" twice; remove one");
  EXPECT_EQ(complaint_in("follow", "variants = []"),
            place + "variants: is an empty list; write download = false to download nothing");
  EXPECT_EQ(complaint_in("follow", "max_rate = \"1B/s\""),
            place + "max_rate: must be at least \"1KiB/s\", or \"\" for no limit");
}

TEST(LoadSettings, AWindowsFileIsUnderstood) {
  EXPECT_EQ(load("\xef\xbb\xbf[api]\r\nurl = \"https://a.example\"\r\n").api.url.host, "a.example");
}

TEST(LoadSettings, EveryMistakeIsToldAtOnceInTheOrderOfTheFile) {
  const std::string text =
      "[spool]\nsetle = \"1s\"\nmax_image = \"none\"\n[job]\nprompt = \"a\"\nlist = [1]\n[submit]\nconcurrency = 0\n";
  SettingsOverrides overrides;
  overrides.spool = "";
  const auto loaded = load_settings(text, file, overrides);
  const auto* const complaint = std::get_if<SettingsComplaint>(&loaded);
  ASSERT_NE(complaint, nullptr);
  std::vector<std::string> all{complaint->message};
  all.insert(all.end(), complaint->others.begin(), complaint->others.end());
  const std::string place = std::string(file) + ":";
  EXPECT_THAT(all,
              ::testing::ElementsAre(::testing::StartsWith(place + "2: spool.setle: "),
                                     ::testing::StartsWith(place + "3: spool.max_image: "),
                                     ::testing::StartsWith(place + "5: job.prompt: "),
                                     ::testing::StartsWith(place + "6: job.list: "),
                                     ::testing::StartsWith(place + "8: submit.concurrency: "),
                                     ::testing::HasSubstr("api.url"), ::testing::StartsWith("--spool: ")));
}

TEST(LoadSettings, TheCommandLineSaysWhatTheLogLooksLike) {
  SettingsOverrides overrides;
  EXPECT_EQ(load(with_url).log.format, LogFormat::by_output);
  EXPECT_EQ(load(with_url + "[log]\nformat = \"auto\"\n").log.format, LogFormat::by_output);
  overrides.log_format = LogFormat::json;
  overrides.log_level = LogLevel::error;
  const Settings settings = load(with_url + "[log]\nformat = \"text\"\nlevel = \"debug\"\n", overrides);
  EXPECT_EQ(settings.log.format, LogFormat::json);
  EXPECT_EQ(settings.log.level, LogLevel::error);
}

}  // namespace
}  // namespace reeld
