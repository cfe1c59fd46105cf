#pragma once
// Why pairs are not sent yet, and for how long they have waited: a table of fixed size, as Postfix's qshape
// makes one of its queue.
//
// Pure. Threads: none of its own.

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "core/clock.hpp"
#include "core/job_name.hpp"

namespace reeld {

/// In the order in which a pair comes to meet them. The words are a contract with who reads status and
/// metrics.
enum class WaitReason {
  undecided,    // about to be looked at
  half,         // one file without the other
  incomplete,   // both files are there: being written, settling, or the end of the image is missing
  ambiguous,    // two prompts or two images
  conflict,     // a conflict copy, by its name
  unnameable,   // its results' names would be too long
  unwritable,   // results cannot be written into its folder
  settings,     // its folder has a reeld.toml that cannot be read as TOML
  mass,         // one scan found many new pairs: until it is over, or `reeld release`
  duplicate,    // a copy of a pair that was sent before: until `reeld release`
  asking,       // the ledger is asked about it, or the same files are under way under another name
  reading,      // its image is read, to tell whether it is one that was sent before
  unreadable,   // it, or another just now, could not be read: tried again in a moment
  repeat,       // in doubt, and about to be sent once more (on_doubt = "retry")
  queued,       // for its turn: as many are under way as the lane allows
  proof,        // an answer may be about one pair, or about all: one request is to tell
  unsent,       // the API cannot be reached: the lane backs off
  throttled,    // the API asked to be left alone for a while
  refused,      // every pair is refused
  account,      // key, credit or URL
  doubt,        // too many doubts in a row
  per_minute,   // the rate is reached
  per_day,      // the day's cap is reached
  held,         // by `reeld hold`
  ledger,       // the ledger cannot be written
  stopping,     // reeld is about to end
  not_running,  // there is no daemon
};

inline constexpr std::array wait_reasons{
    WaitReason::undecided,  WaitReason::half,       WaitReason::incomplete, WaitReason::ambiguous,
    WaitReason::conflict,   WaitReason::unnameable, WaitReason::unwritable, WaitReason::settings,
    WaitReason::mass,       WaitReason::duplicate,  WaitReason::asking,     WaitReason::reading,
    WaitReason::unreadable, WaitReason::repeat,     WaitReason::queued,     WaitReason::proof,
    WaitReason::unsent,     WaitReason::throttled,  WaitReason::refused,    WaitReason::account,
    WaitReason::doubt,      WaitReason::per_minute, WaitReason::per_day,    WaitReason::held,
    WaitReason::ledger,     WaitReason::stopping,   WaitReason::not_running};

std::string_view word_of(WaitReason reason);
/// The same for people, after a pair's name.
std::string_view describe(WaitReason reason);
/// nullopt: no reason has that word.
std::optional<WaitReason> find_wait_reason(std::string_view word);

/// Told of each pair that is in hand. No reason: it is under way.
using TellPair = std::function<void(const JobName& pair, std::optional<WaitReason> reason, milliseconds age)>;

/// Numbers by reason, without ages.
using WaitCounts = std::array<std::size_t, wait_reasons.size()>;
inline std::size_t& count_of(WaitCounts& counts, WaitReason reason) {
  return counts[static_cast<std::size_t>(reason)];
}

/// Where one column ends and the next begins; the last column has no end.
inline constexpr std::array<seconds, 7> wait_ages{
    seconds(10),           std::chrono::minutes(1), std::chrono::minutes(5), std::chrono::minutes(15),
    std::chrono::hours(1), std::chrono::hours(6),   std::chrono::hours(24)};

class WaitTable {
 public:
  using Row = std::array<std::size_t, wait_ages.size() + 1>;

  /// An age below zero (a clock that was set back) counts as none.
  void add(WaitReason reason, milliseconds age);
  const Row& row(WaitReason reason) const { return rows_[static_cast<std::size_t>(reason)]; }
  std::size_t total(WaitReason reason) const;

 private:
  std::array<Row, wait_reasons.size()> rows_{};
};

/// Adds what waits to that table, which the caller keeps; what is under way has no row.
TellPair add_to(WaitTable& table);

}  // namespace reeld
