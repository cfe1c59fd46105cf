#include "settings/load.hpp"

#include "settings/load_tables.hpp"

namespace reeld {
namespace {

constexpr std::string_view url_example = "url = \"https://api.example.com\"";

// The file's URL is checked even where --url replaces it: a mistake in a file is a mistake.
void read_url(TomlReader& reader, ApiSettings& into, bool must_be_there) {
  read_allow_http(reader, into.allow_http);
  std::string text;
  reader.read_text("api.url", text);
  if (!reader.has("api.url")) {
    if (must_be_there) {
      reader.complain("api.url",
                      "missing; write " + std::string(url_example) + " under [api], or give --url");
    }
    return;
  }
  auto parsed = parse_api_url(text, into.allow_http);
  if (const auto* complaint = std::get_if<UrlComplaint>(&parsed))
    return reader.complain("api.url", complaint->reason);
  into.url = std::get<ApiUrl>(std::move(parsed));
}

std::optional<SettingsComplaint> apply(const SettingsOverrides& overrides, Settings& settings) {
  settings.log.level = overrides.log_level.value_or(settings.log.level);
  settings.log.format = overrides.log_format.value_or(settings.log.format);
  if (overrides.spool) {
    if (overrides.spool->empty()) return SettingsComplaint{"--spool: is empty; write the spool's directory"};
    settings.spool.path = *overrides.spool;
  }
  if (overrides.url) {
    auto parsed = parse_api_url(*overrides.url, settings.api.allow_http);
    if (const auto* complaint = std::get_if<UrlComplaint>(&parsed))
      return SettingsComplaint{"--url: " + complaint->reason};
    settings.api.url = std::get<ApiUrl>(std::move(parsed));
  }
  return std::nullopt;
}

}  // namespace

std::variant<Settings, SettingsComplaint> load_settings(std::string_view toml_text,
                                                        std::string_view file_name,
                                                        const SettingsOverrides& overrides) {
  if (file_name.empty() && !overrides.url) {
    return SettingsComplaint{
        "no API URL: give --url URL, or name a configuration file with --config FILE, or write " +
        std::string(default_config_file)};
  }
  auto parsed = TomlReader::parse(toml_text, file_name);
  if (auto* complaint = std::get_if<SettingsComplaint>(&parsed)) return std::move(*complaint);
  auto& reader = std::get<TomlReader>(parsed);

  Settings settings;
  read_spool(reader, settings.spool);
  read_url(reader, settings.api, !overrides.url);
  read_api(reader, settings.api);
  read_job(reader, settings.api.fields, settings.job);
  read_submit(reader, settings.submit);
  read_verdicts(reader, settings.verdicts);
  read_follow(reader, settings.follow);
  read_log(reader, settings.log);
  read_metrics(reader, settings.metrics);
  read_page(reader, settings.page);
  read_hooks(reader, settings.hooks);
  read_ledger(reader, settings.ledger);
  auto complaint = reader.complaints();
  auto of_overrides = apply(overrides, settings);
  if (complaint && of_overrides) complaint->others.push_back(std::move(of_overrides->message));
  if (complaint) return std::move(*complaint);
  if (of_overrides) return std::move(*of_overrides);
  return settings;
}

}  // namespace reeld
