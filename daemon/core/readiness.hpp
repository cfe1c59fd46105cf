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
  created,  // its name appeared while we watched, or it was seen to change: somebody may be writing, unless
            // it was linked into place or written through a mapping, of which no close tells
  arrived,  // closed after writing, or renamed into the folder, while we watched
};

/// What the kernel says of processes that have it open for writing.
enum class Writers { none, some, unknown };

struct FileFacts {
  Evidence evidence = Evidence::found;
  Writers writers = Writers::unknown;
  std::uint64_t size = 0;
  bool is_hard_linked = false;  // more than one name: it may have been linked into place, complete
  bool is_open = false;         // it was created or written while we watched, and its close has not come
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
  std::string image_reason;       // for people, when the check is not `complete`
  std::string unfinished_prompt;  // for people: why it cannot be the whole text; "" : it may be
  SteadyTime waiting_since;       // both files are there since then
};

struct ReadinessRules {
  milliseconds settle{500};
  milliseconds silence{
      10'000};  // without a change: what was seen to change, and whose close cannot be told, is complete
  milliseconds incomplete_after{600'000};
};

enum class ReadinessWord {
  ready,
  settling,       // nobody can say who writes: still for a while longer, then ready
  being_written,  // wait for the close; with a reason once that is worth a word
  cut,            // a file is empty, truncated or only laid out, and nobody is writing
  bad,            // it can never be submitted as it is
};

struct Readiness {
  ReadinessWord word = ReadinessWord::cut;
  std::optional<SteadyTime> look_again;  // at the latest then, besides any event
  std::string reason;                    // for people: of `cut` and `bad`, and of a long wait for a close
};

Readiness judge_readiness(const PairFacts& pair, const ReadinessRules& rules, SteadyTime now);

}  // namespace reeld
