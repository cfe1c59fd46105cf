#pragma once
// Whether both files of a pair are complete. Events and leases are evidence; the image's own structure has
// the last word.
//
// Threads: pure functions; the clock is an argument.

#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.hpp"

namespace reeld {

/// How a file came to be known.
enum class Evidence {
  found,    // by a scan, or by looking: nothing is known of its past
  created,  // its name appeared while we watched, or it was seen to change: somebody may be writing
  arrived,  // closed after writing, or renamed into the folder, while we watched
};

/// What the kernel says of processes that have it open for writing.
enum class Writers { none, some, unknown };

struct FileFacts {
  Evidence evidence = Evidence::found;
  Writers writers = Writers::unknown;
  std::uint64_t size = 0;
  bool is_hard_linked = false;  // more than one name: it may have been linked into place, complete
  SteadyTime still_since;       // when it was first seen with the size and mtime that it has now
  std::uint32_t looks = 0;      // how often it was looked at since the last event about it
};

enum class ImageCheck {
  complete,    // or not judged, being over the limit: the snapshot refuses it with a better reason
  truncated,   // it may still be coming
  ill_formed,  // it will never be right
};

struct PairFacts {
  FileFacts prompt;
  FileFacts image;
  ImageCheck image_check = ImageCheck::truncated;
  std::string image_reason;  // for people, when the check is not `complete`
};

struct ReadinessRules {
  milliseconds settle{500};
  milliseconds silence{10'000};  // a file that was seen being written counts as closed after this long
  milliseconds incomplete_after{600'000};
};

enum class ReadinessWord {
  ready,
  settling,       // nobody can say who writes: still for a while longer, then ready
  being_written,  // wait for the close
  cut,            // the image is truncated, or a file is empty, and nobody is writing
  bad,            // it can never be submitted as it is
};

struct Readiness {
  ReadinessWord word = ReadinessWord::cut;
  std::optional<SteadyTime> look_again;  // at the latest then, besides any event
  std::string reason;                    // for people: of `cut` and `bad`
};

Readiness judge_readiness(const PairFacts& pair, const ReadinessRules& rules, SteadyTime now);

}  // namespace reeld
