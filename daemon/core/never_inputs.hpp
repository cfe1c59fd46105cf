#pragma once
// What people's systems put into a spool and nobody wants to pay for: recycle bins, system folders, and the
// copies that programs which sync folders make of two versions of one file. All by their names.
//
// Pure. Threads: what is made is not changed.

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// Folders that are never looked into, wherever in the spool they are. Names are compared without regard to
/// the case of ASCII letters.
class IgnoredFolders {
 public:
  /// The built-in list.
  IgnoredFolders();
  /// And what the settings add to it, or take off it ("!name").
  explicit IgnoredFolders(const std::vector<std::string>& changes);

  /// A folder's own name, without its path.
  bool contains(std::string_view name) const;
  /// Whether any part of that path is on the list.
  bool covers(std::string_view path) const;

 private:
  std::set<std::string, std::less<>> names_;  // in lower case
};

/// Whether the built-in list has that name.
bool is_ignored_by_default(std::string_view folder_name);

/// Whether a stem is that of a conflict copy, by the names that Syncthing, Nextcloud and ownCloud, Dropbox
/// and their kin give.
bool is_conflict_copy(std::string_view stem);

}  // namespace reeld
