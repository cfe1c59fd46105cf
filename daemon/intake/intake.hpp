#pragma once
// Intake: from files that appear in the spool to pairs that are ready. Watches (inotify), scans, asks
// core/pairing and core/readiness what each stem is, and says so to its listener. Events are a hint, scans
// are the truth.
//
// Lifetime: owned by the SpoolService, outlives nothing it refers to; `stop()` then drain the loop before
// destruction. Threads: the loop's thread; scans and inspections run on `workers` and post back.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/ready_pair.hpp"
#include "intake/options.hpp"
#include "log/log.hpp"
#include "scheduler/wait_table.hpp"
#include "settings/settings.hpp"

namespace reeld {

class IntakeEngine;

class IntakeListener {
 public:
  virtual ~IntakeListener() = default;
  /// Said once for a pair, until the listener calls `look_again` or `forget` for it.
  virtual void on_pair_ready(ReadyPair pair) = 0;
  /// A scan has found one about which nothing is to be done (see IntakeOptions::open_settled); intake has
  /// forgotten it already, and each scan says so again.
  virtual void on_pair_settled(const JobName&, const Recognition&) {}
  /// Two files, of which one was written or put there a moment ago, beside a result that was there before.
  virtual void on_pair_under_result(ReadyPair) {}
  /// A pair that was said to be ready or bad has lost a file, gained a second one, had a file replaced, or
  /// has a result (one that the listener wrote itself too, when its event comes first), before the listener
  /// called `forget`.
  virtual void on_pair_gone(const JobName& job) = 0;
  /// The pair can never be submitted as it is (an image that stays cut, of no known type): write an error
  /// file.
  virtual void on_pair_bad(const JobName& job, std::string reason) = 0;
  /// A scan of the whole spool has ended and every stem that it found has been decided or is waiting for its
  /// files; not said of a scan during which events were lost, for another follows at once.
  virtual void on_scan_done() = 0;
  /// All that scans have found so far, of the spool or of a folder, is decided or waiting for its files. Said
  /// after pairs that were `is_found`.
  virtual void on_all_found() {}
};

struct IntakeCounts {
  std::size_t undecided = 0;   // about to be looked at
  std::size_t half = 0;        // one file without the other
  std::size_t incomplete = 0;  // both files there, at least one still being written or cut
  std::size_t ambiguous = 0;
  std::size_t conflict = 0;  // conflict copies
  std::size_t unnameable = 0;
  std::size_t unwritable = 0;     // pairs of folders that results cannot be written into
  std::size_t misconfigured = 0;  // pairs that wait for a reeld.toml that can be read
  std::size_t unreadable_folders = 0;
  std::size_t unwritable_folders = 0;
  std::size_t misconfigured_folders = 0;  // with such a reeld.toml, and pairs that wait for it
};

/// One that waits for the rest of its files.
struct IncompletePair {
  JobName job;
  std::string reason;  // "" : a file is being written, or was a moment ago
};

class Intake {
 public:
  /// `spool_fd`: the spool's directory, opened by the caller, who keeps it.
  Intake(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, int spool_fd,
         SpoolSettings settings, Log& log, IntakeListener& listener, IntakeOptions options = {});
  ~Intake();

  /// Starts watching and the first scan. Returns at once.
  void start();
  /// Stops watching and scanning; nothing is said to the listener afterwards.
  void stop();
  void rescan(std::string_view why);

  /// The job has a result, or is otherwise no longer intake's business until its files or results change.
  void forget(const JobName& job);
  /// Decide about this stem anew: its files changed before they were sent, or its error file was written,
  /// whose removal is to run it again even where no event tells of it. While its files are what they were and
  /// it has no result, one that comes back repeatedly, or was bad, is handed over again only after a pause.
  void look_again(const JobName& job);

  IntakeCounts counts() const;
  /// One of `counts().incomplete`, for people. Looks at every stem.
  std::optional<IncompletePair> find_incomplete() const;
  /// Adds what is not the listener's yet, with ages, which count from when it was first seen so. Looks at
  /// every stem.
  void tally_waiting(WaitTable& into) const;
  /// The same, each by itself.
  void list_waiting(const TellPair& tell) const;
  /// Of the whole spool or of one folder, until what was found is decided.
  bool is_scanning() const;

 private:
  std::shared_ptr<IntakeEngine> engine_;
};

}  // namespace reeld
