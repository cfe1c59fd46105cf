#pragma once
// Half a pair, and what lies beside it: the file that was probably meant to be the other half, and what is
// wrong with its name or kind. For people alone: nothing is ever paired by it.
//
// Names are bytes; those that are valid UTF-8 are compared without regard to case, to Unicode normalization
// and to blanks at the stem's ends. Memory: what `add` was given. Threads: none of its own.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace reeld {

enum class MissingHalf { prompt, image };

class NeighbourIndex {
 public:
  /// A file of the folder. Hidden names, results and reeld.toml are passed over.
  void add(std::string_view file_name);

  /// Of the half pair of that stem: "photo.heic is HEIC, not PNG, JPEG or WebP", the likeliest three joined
  /// by
  /// "; "; "" where there is none. Names stand there as they are.
  std::string describe(std::string_view stem, MissingHalf missing) const;

 private:
  std::unordered_map<std::string, std::vector<std::string>> by_key_;
};

}  // namespace reeld
