#include "settings/unknown_keys.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/nearest_word.hpp"

namespace reeld {
namespace {

constexpr std::array<std::string_view, 10> names_of_secrets{"key",    "api_key",      "apikey", "api-key",
                                                            "token",  "auth_token",   "bearer", "password",
                                                            "secret", "authorization"};

// A path's table and the name within it.
struct SplitPath {
  std::string_view table;
  std::string_view name;
};

SplitPath split(std::string_view path) {
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos) return {"", path};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

bool is_name_of_secret(std::string_view path) {
  const SplitPath parts = split(path);
  const bool is_where_keys_are_sought = parts.table.empty() || parts.table == "api";
  return is_where_keys_are_sought &&
         std::find(names_of_secrets.begin(), names_of_secrets.end(), parts.name) != names_of_secrets.end();
}

std::vector<std::string_view> list_tables(const KnownKeys& known) {
  std::vector<std::string_view> tables;
  for (const std::string& key : known) {
    const std::string_view table = std::string_view(key).substr(0, key.find_first_of(".["));
    if (tables.empty() || tables.back() != table) tables.push_back(table);
  }
  return tables;
}

std::optional<std::string> find_neighbour(const SplitPath& path, const KnownKeys& known) {
  std::vector<std::string_view> names;
  for (const std::string& key : known) {
    const SplitPath parts = split(key);
    if (parts.table == path.table) names.push_back(parts.name);
  }
  if (const auto nearest = find_nearest(path.name, names)) return std::string(*nearest);
  return std::nullopt;
}

// The same name in another table: a key under the wrong heading.
std::optional<std::string> find_elsewhere(std::string_view name, const KnownKeys& known) {
  for (const std::string& key : known) {
    if (split(key).name == name) return drop_indexes(key);
  }
  return std::nullopt;
}

}  // namespace

std::string explain_unknown_key(std::string_view path, bool is_table, const KnownKeys& known) {
  if (is_name_of_secret(path)) {
    return "the API key never goes into this file; write it to a file of its own and name that as "
           "api.key_file, or "
           "provide the systemd credential \"api-key\", or set REELD_API_KEY";
  }
  const SplitPath parts = split(path);
  if (is_table) {
    if (!parts.table.empty()) {
      const auto meant = find_neighbour(parts, known);
      return meant ? "unknown table; did you mean \"" + std::string(parts.table) + "." + *meant + "\"?"
                   : "unknown table; remove it";
    }
    const auto nearest = find_nearest(parts.name, list_tables(known));
    return nearest ? "unknown table; did you mean \"" + std::string(*nearest) + "\"?"
                   : "unknown table; remove it";
  }
  auto meant = find_neighbour(parts, known);
  if (!meant || *meant == parts.name) meant = find_elsewhere(parts.name, known);
  return meant ? "unknown key; did you mean \"" + *meant + "\"?" : "unknown key; remove it";
}

bool is_known_table(std::string_view path, const KnownKeys& known) {
  const auto lies_within = [&](const std::string& key) {
    return key.size() > path.size() && key.starts_with(path) &&
           (key[path.size()] == '.' || key[path.size()] == '[');
  };
  return std::any_of(known.begin(), known.end(), lies_within);
}

std::string drop_indexes(std::string_view path) {
  std::string plain;
  bool is_within = false;
  for (const char c : path) {
    if (c == '[') is_within = true;
    if (!is_within) plain += c;
    if (c == ']') is_within = false;
  }
  return plain;
}

}  // namespace reeld
