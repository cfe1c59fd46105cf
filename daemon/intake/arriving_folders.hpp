#pragma once
// Folders that have appeared while reeld runs, and are still being filled: `cp -r`, `tar x` or an upload
// makes the folder first, and then its files one by one. What comes into one of them belongs together, as if
// one scan had found it.
//
// Threads: the loop's.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/clock.hpp"

namespace reeld {

class ArrivingFolders {
 public:
  /// Longer than what a client does between two files: whoever drops one pair after the other into a folder
  /// that has been there for so long does not drop a folder.
  static constexpr milliseconds max_silence = std::chrono::seconds(10);

  /// When an entry of it last came or went, and when it was made. Nanoseconds since the epoch; 0: not known.
  struct FolderTimes {
    std::int64_t changed_ns = 0;
    std::int64_t born_ns = 0;
  };
  /// Whether a folder that was there at a start may be in the middle of being filled. One that is old, or of
  /// which nobody knows how old it is, is in use, and it may be reeld itself that has just written into it;
  /// unless a mass was being asked about, or sent, when reeld ended: that may take hours to come.
  static bool may_be_arriving(FolderTimes folder, std::int64_t now_ns, bool is_amid_mass);

  explicit ArrivingFolders(milliseconds silence = max_silence) : silence_(silence) {}

  /// A folder has appeared. One within another that is being filled belongs to it.
  void note_folder(const std::string& path, SteadyTime now);
  /// The number of what is being filled, and holds that folder, or is it; 0 where nothing is. Asked because
  /// something has come into it: it goes on being filled.
  std::uint64_t find(std::string_view folder, SteadyTime now);
  /// How many are remembered.
  std::size_t size() const { return arrivals_.size(); }

 private:
  struct Arrival {
    std::uint64_t number = 0;
    SteadyTime last;  // when something came
  };

  milliseconds silence_;
  std::map<std::string, Arrival, std::less<>> arrivals_;  // by path
  std::uint64_t last_number_ = 0;
  std::size_t sweep_at_ = 64;
};

}  // namespace reeld
