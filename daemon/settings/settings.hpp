#pragma once
// Every setting, with its default and its unit. One struct for each table of the configuration file.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/field_names.hpp"
#include "codec/job_fields.hpp"
#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "core/lane_limits.hpp"
#include "core/scheduler_rules.hpp"
#include "core/verdict_rule.hpp"
#include "http/url.hpp"

namespace reeld {

enum class ImageSizePolicy { warn, refuse, off };

struct SpoolSettings {
  std::string path = "/var/spool/reeld";
  bool recursive = true;
  milliseconds settle{500};
  milliseconds incomplete_after = std::chrono::minutes(10);
  ImageSizePolicy image_size = ImageSizePolicy::warn;
  milliseconds rescan = std::chrono::minutes(5);
  milliseconds poll = std::chrono::seconds(5);
  Bytes max_prompt = kibibytes(128);
  Bytes max_image = mebibytes(32);
  std::vector<std::string>
      ignore;  // folder names besides the built-in list (core/never_inputs); "!name" takes one off
  bool operator==(const SpoolSettings&) const = default;
};

/// One of [api.headers].
struct HeaderSetting {
  enum class Source { text, file, credential };
  std::string name;
  Source source = Source::text;
  std::string value;  // the text; or the file's path; or the credential's name
  bool operator==(const HeaderSetting&) const = default;
};

struct ApiSettings {
  ApiUrl url;                      // parsed; its text is url.text
  std::string key_file;            // "" : the systemd credential "api-key", else $REELD_API_KEY
  std::string ca_file;             // "" : the system's only
  std::string proxy;               // "" : from HTTPS_PROXY / NO_PROXY
  std::string idempotency_header;  // "" : none is sent
  milliseconds connect_timeout = std::chrono::seconds(10);  // each address
  milliseconds upload_timeout = std::chrono::seconds(30);   // without progress
  milliseconds response_timeout = std::chrono::minutes(10);
  milliseconds reuse_idle = std::chrono::seconds(2);
  std::string client_cert_file;  // "" : none
  std::string client_key_file;   // with it, or neither
  std::string auth_header = "Authorization";
  std::vector<std::string> allow_http;  // hosts, in any case
  std::vector<HeaderSetting> headers;   // [api.headers], in the file's order
  FieldNames fields;                    // [api.fields]
  bool operator==(const ApiSettings&) const = default;
};

struct SubmitSettings {
  LaneLimits lane;           // how fast, and how long to wait
  SchedulerRules scheduler;  // what is repeated, and what waits for a person's word
  milliseconds drain_timeout = std::chrono::seconds(90);
  bool operator==(const SubmitSettings&) const = default;
};

struct FollowSettings {
  bool enabled = false;
  std::uint32_t concurrency = 4;
  milliseconds poll = std::chrono::seconds(15);
  milliseconds deadline = std::chrono::hours(2);
  bool download = true;
  std::vector<std::string> variants{"video"};
  std::optional<Bytes> max_rate;  // bytes a second; nullopt: no limit
  Bytes max_video = mebibytes(4096);
  Bytes keep_free = mebibytes(1024);
  std::vector<std::string> allow;      // "host:port"
  std::vector<std::string> key_files;  // paths
  bool operator==(const FollowSettings&) const = default;
};

enum class LogLevel { debug, info, warning, error };
enum class LogFormat {
  by_output,  // lines for people on a terminal, else json
  json,
  text,
  journal,
};

struct LogSettings {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::by_output;
  std::string file;  // besides standard output; "" : none
  bool operator==(const LogSettings&) const = default;
};

struct MetricsSettings {
  std::string listen;  // "127.0.0.1:9465"; "" : off
  bool operator==(const MetricsSettings&) const = default;
};

struct PageSettings {
  std::string listen;              // "127.0.0.1:9466"; "" : off
  std::string token_file;          // "" : one is made
  std::vector<std::string> hosts;  // more names that it may be asked by
  bool operator==(const PageSettings&) const = default;
};

struct HooksSettings {
  std::vector<std::string> on;    // events
  std::vector<std::string> exec;  // a program and its arguments; empty: none
  bool operator==(const HooksSettings&) const = default;
};

struct LedgerSettings {
  std::string path;  // "" : $STATE_DIRECTORY/ledger.db, else .reeld/ledger.db in the spool
  milliseconds keep = std::chrono::hours(24 * 90);
  bool operator==(const LedgerSettings&) const = default;
};

struct Settings {
  SpoolSettings spool;
  ApiSettings api;
  JobFields job{{"model", "sora-2"}, {"seconds", "10"}, {"size", "16x9"}, {"watermark", "false"}};
  SubmitSettings submit;
  std::vector<VerdictRule> verdicts;
  FollowSettings follow;
  LogSettings log;
  MetricsSettings metrics;
  PageSettings page;
  HooksSettings hooks;
  LedgerSettings ledger;
};

}  // namespace reeld
