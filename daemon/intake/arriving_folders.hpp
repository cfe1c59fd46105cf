#pragma once
// Folders that have appeared while reeld runs, and are still being filled: `cp -r`, `tar x` or an upload
// makes the folder first, and then its files one by one. What comes into one of them belongs together, as if
// one scan had found it.
//
// Threads: the loop's.

#include <cstdint>
#include <map>
#include <string>

#include "core/clock.hpp"

namespace reeld {

class ArrivingFolders {
 public:
  /// Longer than what a client does between two files: whoever drops one pair after the other into a folder
  /// that has been there for so long does not drop a folder.
  static constexpr milliseconds max_silence = std::chrono::seconds(10);

  explicit ArrivingFolders(milliseconds silence = max_silence) : silence_(silence) {}

  /// A folder has appeared. One within another that is being filled belongs to it.
  void note_folder(const std::string& path, SteadyTime now);
  /// Something has come into that folder.
  void note_file(const std::string& folder, SteadyTime now) { find(folder, now); }
  /// The number of what is being filled, and holds that folder, or is it; 0 where nothing is.
  std::uint64_t find(const std::string& folder, SteadyTime now);
  /// How many are remembered.
  std::size_t size() const { return arrivals_.size(); }

 private:
  struct Arrival {
    std::uint64_t number = 0;
    SteadyTime last;  // when something came
  };

  milliseconds silence_;
  std::map<std::string, Arrival> arrivals_;  // by path
  std::uint64_t last_number_ = 0;
  std::size_t sweep_at_ = 64;
};

}  // namespace reeld
