#pragma once
// File names: the only place that builds or reads them. A name is bytes: it may hold newlines, quotes and
// invalid UTF-8.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

enum class NameKind {
  prompt,           // STEM.txt
  image,            // STEM.png, .jpg, .jpeg, .jpe, .jfif, .webp
  job_result,       // STEM.job.json
  error_result,     // STEM.error.json
  doubt_result,     // STEM.doubt.json
  folder_settings,  // reeld.toml
  other,            // hidden names and everything else: never an input
};

struct SpoolName {
  NameKind kind = NameKind::other;
  std::string_view stem;  // into the name that was classified; "" for folder_settings and other
};

/// Extensions of inputs are read without regard to case; those of results are reeld's own and exact.
SpoolName classify_name(std::string_view file_name);

constexpr bool is_input(NameKind kind) {
  return kind == NameKind::prompt || kind == NameKind::image;
}
constexpr bool is_result(NameKind kind) {
  return kind == NameKind::job_result || kind == NameKind::error_result || kind == NameKind::doubt_result;
}
constexpr bool is_hidden_name(std::string_view name) {
  return !name.empty() && name.front() == '.';
}

/// Whether pairs of a folder at this path (relative to the spool) are looked at: no part of it is hidden, and
/// none leads elsewhere.
bool is_input_folder(std::string_view path);
/// Whether inputs can have this stem.
bool is_input_stem(std::string_view stem);

std::string job_result_name(std::string_view stem);
std::string error_result_name(std::string_view stem);
std::string doubt_result_name(std::string_view stem);
/// All three of them.
std::vector<std::string> result_names(std::string_view stem);

/// Every name that an input of this stem can have: each extension in each mixture of case.
std::vector<std::string> possible_input_names(std::string_view stem);
/// Those among them that people give: the extensions in lower case.
std::vector<std::string> usual_input_names(std::string_view stem);
/// Whether an input's extension is in lower case.
bool is_usual_input_name(std::string_view file_name);

/// Whether every result's name fits into the 255 bytes that a file name may have.
bool is_nameable(std::string_view stem);

/// Under what a result that is not reeld's own to remove is kept, hidden: ".scene1.job.json.replaced-STAMP".
/// The name is cut where it would be too long.
std::string replaced_name(std::string_view result_name, std::string_view stamp);

/// Where files are written before they are renamed into place: hidden, so that they are never inputs.
std::string temporary_name(std::uint64_t unique);
bool is_temporary_name(std::string_view file_name);

/// `folder` is relative to the spool, "" for the spool itself.
std::string join_path(std::string_view folder, std::string_view name);
/// Whether `path` is `folder` itself or lies somewhere below it.
bool is_within(std::string_view path, std::string_view folder);

}  // namespace reeld
