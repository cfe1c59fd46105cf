#pragma once
// The form fields of a job, from TOML: `[job]`, a folder's reeld.toml, a prompt's front matter. Each key
// becomes one field, sent as text (10 -> "10", false -> "false"). Unknown keys are fields too; an empty text
// means "not sent".

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/field_names.hpp"
#include "core/bytes.hpp"

namespace reeld {

struct JobField {
  std::string name;
  std::string value;
  bool operator==(const JobField&) const = default;
};
using JobFields = std::vector<JobField>;  // in the order of first mention; names are unique

/// Where and why TOML was refused. `line` counts from 1 within the text given; 0 where none applies.
struct TomlComplaint {
  int line = 0;
  std::string key;         // "" where the text is not TOML at all
  std::string reason;      // for people: what is wrong, what to write instead
  bool is_unread = false;  // the text could not be read as TOML: most often it is half written
};

struct JobFieldsResult {
  JobFields fields;                         // none where there is a complaint
  std::optional<TomlComplaint> complaint;   // the first, in the text's order
  std::vector<TomlComplaint> complaints{};  // all of them
};

/// The longest TOML text that is read.
inline constexpr Bytes max_parameters = kibibytes(16);

/// What follows a TOML parser's own words, for people who have not met the format.
inline constexpr std::string_view toml_advice =
    " (one key = value a line; text stands in quotes, as in size = \"16x9\")";

/// Reads TOML text. A table, an array, the names `prompt` and `names.image` (which are the pair's two files),
/// and a name under which another field is sent are refused with a complaint.
JobFieldsResult read_job_fields(std::string_view toml, const FieldNames& names);

/// The same of a folder's reeld.toml. One that has a table `spool` or `api` is a configuration of reeld that
/// happens to lie there: of that, `[job]` alone counts.
JobFieldsResult read_folder_fields(std::string_view toml, const FieldNames& names);

/// `base` with `over` laid on top: a later value replaces an earlier one in place, new names are appended.
JobFields overlay(JobFields base, const JobFields& over);

/// The value of that name, or nullptr.
const std::string* find_field(const JobFields& fields, std::string_view name);

}  // namespace reeld
