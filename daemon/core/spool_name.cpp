#include "core/spool_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_file_name = 255;
constexpr std::string_view folder_settings_name = "reeld.toml";
constexpr std::string_view temporary_prefix = ".reeld-tmp-";

struct InputExtension {
  std::string_view text;
  NameKind kind;
};
constexpr auto input_extensions = std::to_array<InputExtension>({{".txt", NameKind::prompt},
                                                                 {".png", NameKind::image},
                                                                 {".jpg", NameKind::image},
                                                                 {".jpeg", NameKind::image},
                                                                 {".jpe", NameKind::image},
                                                                 {".jfif", NameKind::image},
                                                                 {".webp", NameKind::image}});

struct ResultExtension {
  std::string_view text;
  NameKind kind;
};
constexpr std::array<ResultExtension, 3> result_extensions{{{".job.json", NameKind::job_result},
                                                            {".error.json", NameKind::error_result},
                                                            {".doubt.json", NameKind::doubt_result}}};

bool equals_without_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return to_lower(a) == b; });
}

SpoolName classify_json(std::string_view name) {
  for (const auto& extension : result_extensions) {
    if (name.size() > extension.text.size() && name.ends_with(extension.text)) {
      return {extension.kind, name.substr(0, name.size() - extension.text.size())};
    }
  }
  return {};
}

void append_case_variants(std::vector<std::string>& names, std::string_view stem,
                          std::string_view extension) {
  const std::size_t letters = extension.size() - 1;  // less the dot
  for (std::size_t mixture = 0; mixture < (std::size_t{1} << letters); ++mixture) {
    std::string name(stem);
    name += extension;
    for (std::size_t i = 0; i < letters; ++i) {
      char& letter = name[stem.size() + 1 + i];
      if ((mixture >> i) & 1) letter = to_upper(letter);
    }
    names.push_back(std::move(name));
  }
}

std::string concatenate(std::string_view stem, std::string_view extension) {
  std::string name;
  name.reserve(stem.size() + extension.size());
  return name.append(stem).append(extension);
}

}  // namespace

SpoolName classify_name(std::string_view file_name) {
  if (file_name.empty() || is_hidden_name(file_name)) return {};
  if (file_name.ends_with(".json")) return classify_json(file_name);
  if (file_name == folder_settings_name) return {NameKind::folder_settings, {}};
  const auto dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return {};
  const auto extension = file_name.substr(dot);
  for (const auto& known : input_extensions) {
    if (equals_without_case(extension, known.text)) return {known.kind, file_name.substr(0, dot)};
  }
  return {};
}

bool is_input_folder(std::string_view path) {
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    if (part.empty() || is_hidden_name(part)) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
    if (path.empty()) return false;
  }
  return true;
}

bool is_input_stem(std::string_view stem) {
  return !stem.empty() && !is_hidden_name(stem) && stem.find('/') == std::string_view::npos;
}

std::string job_result_name(std::string_view stem) {
  return concatenate(stem, result_extensions[0].text);
}
std::string error_result_name(std::string_view stem) {
  return concatenate(stem, result_extensions[1].text);
}
std::string doubt_result_name(std::string_view stem) {
  return concatenate(stem, result_extensions[2].text);
}

std::vector<std::string> result_names(std::string_view stem) {
  std::vector<std::string> names;
  names.reserve(result_extensions.size());
  for (const auto& extension : result_extensions) names.push_back(concatenate(stem, extension.text));
  return names;
}

std::vector<std::string> possible_input_names(std::string_view stem) {
  std::vector<std::string> names;
  for (const auto& extension : input_extensions) append_case_variants(names, stem, extension.text);
  return names;
}

std::vector<std::string> usual_input_names(std::string_view stem) {
  std::vector<std::string> names;
  names.reserve(input_extensions.size());
  for (const auto& extension : input_extensions) names.push_back(concatenate(stem, extension.text));
  return names;
}

bool is_usual_input_name(std::string_view file_name) {
  return std::any_of(input_extensions.begin(), input_extensions.end(),
                     [&](const InputExtension& known) { return file_name.ends_with(known.text); });
}

bool is_nameable(std::string_view stem) {
  return std::all_of(
      result_extensions.begin(), result_extensions.end(),
      [&](const ResultExtension& extension) { return stem.size() + extension.text.size() <= max_file_name; });
}

std::string replaced_name(std::string_view result_name, std::string_view stamp) {
  constexpr std::string_view before = ".";
  constexpr std::string_view between = ".replaced-";
  const std::size_t room = max_file_name - before.size() - between.size() - stamp.size();
  return concatenate(concatenate(before, result_name.substr(0, room)), concatenate(between, stamp));
}

std::string temporary_name(std::uint64_t unique) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), unique, 16).ptr;
  return concatenate(temporary_prefix,
                     std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

bool is_temporary_name(std::string_view file_name) {
  return file_name.starts_with(temporary_prefix);
}

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  std::string path(folder);
  if (!name.empty()) path.append("/").append(name);
  return path;
}

bool is_within(std::string_view path, std::string_view folder) {
  if (folder.empty()) return true;
  if (!path.starts_with(folder)) return false;
  return path.size() == folder.size() || path[folder.size()] == '/';
}

}  // namespace reeld
