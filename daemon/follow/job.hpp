#pragma once
// One followed job: what an event makes of it, and what is to be done then. docs/next/following.md has the
// same as a table; a test compares the two.
//
// Pure: the time and the dice are arguments. Threads: plain values.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/clock.hpp"
#include "follow/end.hpp"
#include "follow/event.hpp"
#include "follow/rules.hpp"
#include "follow/stage.hpp"
#include "follow/status.hpp"

namespace reeld {

struct FollowedJob {
  FollowStage stage = FollowStage::waiting;
  FollowStatus status = FollowStatus::queued;
  FollowEnd end = FollowEnd::none;
  bool is_completed = false;             // the API has said so
  bool has_error_file = false;           // of an end from before it was taken up: goes when it completes
  bool is_unknown_word_said = false;     // that its status word is not known
  std::uint8_t missing = 0;              // polls in a row that met 404
  std::uint8_t rounds = 0;               // in a row in which no source had the file
  std::uint8_t cuts = 0;                 // downloads in a row that brought no byte
  bool has_trouble = false;              // in this round a source was given up for that
  std::uint8_t source = 0;               // to be tried next: 0 is `/content`, then the links
  FollowVariants left;                   // still to be downloaded
  FollowLinks links{};                   // in the latest answer
  std::optional<std::uint8_t> progress;  // percent
  SteadyTime due{};                      // waiting, relinking, ready: not before then
  SteadyTime deadline{};                 // for completion
};

/// One thing to do. They are done in the order in which they stand, each durable before the next; if one
/// fails, it is tried again until it does not, and the job takes no turn meanwhile.
struct FollowAction {
  enum class Kind : std::uint8_t {
    record,          // the job goes into its row
    replace_answer,  // STEM.job.json by the answer, unless it was taken away or edited
    write_error,     // STEM.error.json, with `reason_of(job.end)`
    withdraw_error,  // STEM.error.json goes, unless somebody has changed it
    discard,         // the partial file of `variant`, and what the row says of it
    place,           // check, sync, record, rename; then `placed`, `unusable` or `unplaced`
    say,             // `news`
  };
  enum class News : std::uint8_t {
    none,
    progress,      // job.progress
    unknown_word,  // a warning: "still running"
    completed,     // job.completed
    ended,         // job.failed or job.expired, by the job's stage
    undelivered,   // an error
    skipped,       // a thumbnail or sprite sheet that cannot be had: a warning
    downloaded,    // video.downloaded, of `variant`
  };
  Kind kind = Kind::record;
  News news = News::none;
  FollowVariant variant = FollowVariant::video;
  bool operator==(const FollowAction&) const = default;
};

using FollowActions = std::vector<FollowAction>;

/// A job that the API has just accepted. `answer`: what its first answer says; where that is `completed`, no
/// poll is needed. `accepted_at` may lie long before `now`: after a start.
FollowedJob begin_following(const FollowEvent& answer, const FollowRules& rules, SteadyTime accepted_at,
                            SteadyTime now, double jitter);

/// `event` happens to `job`. An event that cannot come in its stage changes nothing. `jitter` in [0, 1).
FollowActions advance(FollowedJob& job, const FollowEvent& event, const FollowRules& rules, SteadyTime now,
                      double jitter);

/// What a start makes of a job that stood in the ledger: nothing is under way any more, and of one that has
/// completed the links are asked for again. One in `placing` is to be placed at once.
void resume_following(FollowedJob& job, SteadyTime now);

/// The wait between two polls: `poll`, a fifth more or less, so that jobs that came together spread.
milliseconds poll_wait(const FollowRules& rules, double jitter);

}  // namespace reeld
