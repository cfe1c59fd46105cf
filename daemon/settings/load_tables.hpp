#pragma once
// The tables of the configuration, one function each: what may stand there and within which limits. Wrong
// values are left to the reader's complaints. Internal to the settings.

#include "settings/settings.hpp"
#include "settings/toml_reader.hpp"

namespace reeld {

/// Of what is waited for: nothing is polled without a pause.
inline constexpr milliseconds least_wait{1};

void read_spool(TomlReader& reader, SpoolSettings& into);
void read_api(TomlReader& reader, ApiSettings& into);  // all but the URL
void read_job(TomlReader& reader, std::string_view image_field, JobFields& into);
void read_submit(TomlReader& reader, SubmitSettings& into);
void read_verdicts(TomlReader& reader, std::vector<VerdictRule>& into);
void read_follow(TomlReader& reader, FollowSettings& into);
void read_log(TomlReader& reader, LogSettings& into);
void read_metrics(TomlReader& reader, MetricsSettings& into);
void read_ledger(TomlReader& reader, LedgerSettings& into);

/// A path in the file: absolute, because the daemon's working directory is nobody's business. "" means "not
/// set".
void read_path(TomlReader& reader, std::string_view key, std::string& into);

}  // namespace reeld
