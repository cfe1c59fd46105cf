#pragma once
// The tables of the configuration, one function each: what may stand there and within which limits. Wrong
// values are left to the reader's complaints. Internal to the settings.

#include "settings/settings.hpp"
#include "settings/toml_reader.hpp"

namespace reeld {

/// Of what is waited for: nothing is polled without a pause.
inline constexpr milliseconds min_wait{1};

void read_spool(TomlReader& reader, SpoolSettings& into);
void read_api(TomlReader& reader, ApiSettings& into);  // all but the URL
void read_allow_http(TomlReader& reader, std::vector<std::string>& into);
void read_headers(TomlReader& reader,
                  ApiSettings& into);  // and which of them carries the key; after the others
void read_fields(TomlReader& reader, FieldNames& into);  // [api.fields], and api.image_field
void read_job(TomlReader& reader, const FieldNames& names, JobFields& into);
void read_submit(TomlReader& reader, SubmitSettings& into);
void read_verdicts(TomlReader& reader, std::vector<VerdictRule>& into);
void read_follow(TomlReader& reader, FollowSettings& into);
void read_page(TomlReader& reader, PageSettings& into);
void read_hooks(TomlReader& reader, HooksSettings& into);
void read_log(TomlReader& reader, LogSettings& into);
void read_metrics(TomlReader& reader, MetricsSettings& into);
void read_ledger(TomlReader& reader, LedgerSettings& into);

/// A path in the file: absolute, because the daemon's working directory is nobody's business. "" means "not
/// set".
void read_path(TomlReader& reader, std::string_view key, std::string& into);

}  // namespace reeld
