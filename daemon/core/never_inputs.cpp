#include "core/never_inputs.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/ascii.hpp"

namespace reeld {
namespace {

// Synology, QNAP, Windows, ext4, macOS' archives and shares, netatalk.
constexpr std::array<std::string_view, 12> built_in{"#recycle",
                                                    "@recycle",
                                                    "@recently-snapshot",
                                                    "$recycle.bin",
                                                    "recycler",
                                                    "system volume information",
                                                    "lost+found",
                                                    "@eadir",
                                                    "#snapshot",
                                                    "__macosx",
                                                    "network trash folder",
                                                    "temporary items"};

/// A date as 20260131, and no longer number.
bool starts_with_date(std::string_view text) {
  constexpr std::size_t digits = 8;
  const auto end = std::ranges::find_if_not(text, [](char c) { return is_digit(c); });
  return static_cast<std::size_t>(end - text.begin()) == digits;
}

/// "scene.sync-conflict-20260131-120000-ABCDEFG" (Syncthing), "scene_conflict-20260131-120000" (ownCloud).
bool has_dated_mark(std::string_view stem) {
  for (const std::string_view pattern : {".sync-conflict-", "_conflict-"}) {
    for (auto at = stem.find(pattern); at != std::string_view::npos; at = stem.find(pattern, at + 1)) {
      if (starts_with_date(stem.substr(at + pattern.size()))) return true;
    }
  }
  return false;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

/// "scene (conflicted copy 2026-01-31 120000)" (Nextcloud), "scene (Ann's conflicted copy)" (Dropbox): with a
/// date or a name within the brackets.
bool has_conflicted_copy(std::string_view stem) {
  constexpr std::string_view pattern = "conflicted copy";
  for (auto at = stem.find(pattern); at != std::string_view::npos; at = stem.find(pattern, at + 1)) {
    const auto open = stem.substr(0, at).find_last_of("()");
    if (open == std::string_view::npos || stem[open] != '(') continue;
    const auto before = stem.substr(open + 1, at - open - 1);
    const auto rest = stem.substr(at + pattern.size());
    if (!is_blank(before) || !is_blank(rest.substr(0, rest.find(')')))) return true;
  }
  return false;
}

/// "scene (Case Conflict)", "scene (Case Conflict 1)" (Dropbox): at the end.
bool ends_in_case_conflict(std::string_view stem) {
  constexpr std::string_view pattern = "(case conflict";
  const auto at = stem.rfind(pattern);
  if (at == std::string_view::npos || !stem.ends_with(')')) return false;
  const auto number = stem.substr(at + pattern.size(), stem.size() - at - pattern.size() - 1);
  return std::ranges::all_of(number, [](char c) { return c == ' ' || is_digit(c); });
}

}  // namespace

IgnoredFolders::IgnoredFolders() : names_(built_in.begin(), built_in.end()) {}

IgnoredFolders::IgnoredFolders(const std::vector<std::string>& changes) : IgnoredFolders() {
  for (const std::string& change : changes) {
    if (change.starts_with('!')) {
      names_.erase(to_lower(change.substr(1)));
    } else {
      names_.insert(to_lower(change));
    }
  }
}

bool IgnoredFolders::contains(std::string_view name) const {
  return names_.contains(to_lower(name));
}

bool IgnoredFolders::covers(std::string_view path) const {
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (contains(path.substr(0, slash))) return true;
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return false;
}

bool is_ignored_by_default(std::string_view folder_name) {
  return std::ranges::find(built_in, to_lower(folder_name)) != built_in.end();
}

bool is_conflict_copy(std::string_view stem) {
  const std::string text = to_lower(stem);
  if (text.find("conflict") == std::string::npos) return false;
  return has_dated_mark(text) || has_conflicted_copy(text) || ends_in_case_conflict(text);
}

}  // namespace reeld
