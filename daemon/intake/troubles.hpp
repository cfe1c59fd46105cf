#pragma once
// Folders that cannot be read, or written into, or whose reeld.toml cannot be read: since when, when each is
// to be looked at again, and whether that was said. Programs that copy trees make a folder with a mode of
// their own first and set its mode last, so what heals within a moment is not said.
//
// Pure: the time is an argument.

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/content_digest.hpp"

namespace reeld {

class FolderTroubles {
 public:
  /// What lasts no longer than `quiet` is not said. A folder is looked at again after half of it, after all
  /// of it and after twice as long; then it is left to scans and events.
  explicit FolderTroubles(milliseconds quiet) : quiet_(quiet) {}

  struct Answer {
    bool must_say = false;
    std::optional<SteadyTime> look_again;
  };
  /// A look has found the folder in trouble, for the first time or still. `content`: of what is at fault,
  /// where that is a file; other content is another trouble, and said anew.
  Answer note(const std::string& folder, SteadyTime now, ContentDigest content = {});
  /// It is in trouble no more. Whether it was.
  bool clear(const std::string& folder) { return troubles_.erase(folder) != 0; }
  /// The folder is gone, with all that lies below it.
  void drop_within(const std::string& path);

  bool contains(const std::string& folder) const { return troubles_.contains(folder); }
  std::size_t size() const { return troubles_.size(); }

 private:
  struct Trouble {
    SteadyTime since;
    bool is_said = false;
    ContentDigest content{};
  };

  milliseconds quiet_;
  std::map<std::string, Trouble> troubles_;
};

}  // namespace reeld
