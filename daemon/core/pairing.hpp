#pragma once
// What a folder shows of one stem, and what that makes of it.

#include <cstddef>

namespace reeld {

struct StemContents {
  std::size_t prompts = 0;
  std::size_t images = 0;
  bool has_result = false;   // any of the three
  bool is_nameable = true;   // its results' names fit
  bool is_conflict = false;  // a conflict copy, by its name
};

enum class StemState {
  nothing,     // no input at all
  finished,    // there is a result: whatever else there is, it is not submitted
  conflict,    // a conflict copy, half or whole: whoever wants it renames it
  ambiguous,   // two prompts or two images
  half,        // one file without the other
  unnameable,  // a pair whose results could not be named
  candidate,   // a pair: core/readiness says whether it is complete
};

StemState judge_stem(const StemContents& contents);

}  // namespace reeld
