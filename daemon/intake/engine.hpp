#pragma once
// The loop-side of intake: brings together what watches, scans and looks say, asks core what it means, and
// tells the listener. Every decision is made from a look (intake/inspect.hpp); events and scans only
// say where to look.
//
// Lifetime: held by a shared_ptr; after `stop` nothing is said. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <memory>
#include <set>
#include <string>

#include "async/steady_now.hpp"
#include "core/log_throttle.hpp"
#include "core/spool_name.hpp"
#include "intake/arriving_folders.hpp"
#include "intake/deadlines.hpp"
#include "intake/intake.hpp"
#include "intake/looks.hpp"
#include "intake/scanner.hpp"
#include "intake/stems.hpp"
#include "intake/troubles.hpp"
#include "intake/watcher.hpp"
#include "intake/writes.hpp"

namespace reeld {

class IntakeEngine : public std::enable_shared_from_this<IntakeEngine>,
                     public WatchListener,
                     public ScanListener,
                     public LookListener {
 public:
  IntakeEngine(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, int spool_fd,
               SpoolSettings settings, Log& log, IntakeListener& listener, IntakeOptions options);
  ~IntakeEngine() override = default;

  void start();
  void stop();
  void rescan(std::string_view why);
  void forget(const JobName& job);
  void look_again(const JobName& job);
  IntakeCounts counts() const {
    IntakeCounts out = stems_.counts();
    out.unreadable_folders = unreadable_.size();
    out.unwritable_folders = unwritable_.size();
    out.misconfigured_folders = misconfigured_.size();
    return out;
  }
  std::optional<IncompletePair> find_incomplete() const { return stems_.find_incomplete(); }
  void tally_waiting(WaitTable& into) const { stems_.tally_waiting(into, steady_now()); }
  void list_waiting(const TellPair& tell) const { stems_.list_waiting(tell, steady_now()); }
  bool is_scanning() const;

 private:
  // events.cpp: what watches say, and when to look.
  void on_watch_event(const std::string& folder, const WatchEvent& event) override;
  void on_events_lost() override;
  void on_folder_event(const std::string& path, const WatchEvent& event);
  void on_settings_event(const std::string& folder, const WatchEvent& event);
  void on_result_event(const JobName& job, const WatchEvent& event);
  void on_input_event(const JobName& job, bool is_prompt, const WatchEvent& event, std::uint64_t arriving);
  std::uint64_t find_arrival(const std::string& folder, NameKind kind, const WatchEvent& event);
  void forget_writes();
  void on_input_written(const JobName& job, TrackedStem& stem, TrackedFile& file);
  void drop_folder(const std::string& path);
  void drop_finished(const JobName& job);

  // rounds.cpp: scans.
  void on_scan_messages(std::vector<ScanMessage> messages) override;
  void on_scan_end(bool was_full) override;
  void handle(FolderOpened message);
  void handle(NamesFound message);
  void handle(FolderRead message);
  void handle(FolderFailed message);
  void handle(PollingNeeded message);
  void begin_round();
  void end_round();
  void begin_polling(std::string_view reason);
  void note_listed(std::string_view name);
  void end_listing();
  void decide_some_listed();
  void decide_listed(const JobName& job);
  void end_round_if_done();
  void say_if_all_found();
  void arm_round_timer();

  // decide.cpp: looks and what follows from them.
  std::optional<StemQuery> take_query(const JobName& job) override;
  NameSearch search_for(const std::string& folder) const;
  void on_stem_report(StemReport report) override;
  void decide(const JobName& job, TrackedStem& stem, const StemReport& report);
  bool is_still_the_listeners(const JobName& job, TrackedStem& stem, bool was_touched);
  PairFacts gather_all_facts(const JobName& job, const TrackedStem& stem, const StemReport& report) const;
  bool waits_under_result(const JobName& job, TrackedStem& stem, const StemReport& report);
  void retract(const JobName& job, TrackedStem& stem);
  void settle(const JobName& job, TrackedStem& stem, StemState state,
              const std::optional<std::string>& neighbours = std::nullopt);
  void settle_half(const JobName& job, TrackedStem& stem, const std::optional<std::string>& neighbours);
  bool is_orphan(const TrackedStem& stem) const;
  void settle_pair(const JobName& job, TrackedStem& stem, const StemReport& report);
  void wait_for_pair(const JobName& job, TrackedStem& stem, const Readiness& readiness);
  void wait_out_trouble(const JobName& job, TrackedStem& stem, const LookTrouble& trouble);
  bool waits_out_pause(const JobName& job, TrackedStem& stem);
  void deliver(const JobName& job, TrackedStem& stem, const std::string& note);
  void say_ready(const JobName& job, const std::string& note);
  void hand_over_bad(const JobName& job, TrackedStem& stem, const std::string& reason);
  void say_phase_once(const JobName& job, TrackedStem& stem, std::string_view event,
                      std::string_view message);
  void say_orphan(const JobName& job, TrackedStem& stem, const std::string& neighbours);

  // folder_waits.cpp: pairs that wait for their folder.
  void wait_for_folder(const JobName& job, TrackedStem& stem, const FolderHindrance& hindrance);
  void try_unwritable(const std::string& folder);
  void try_the_next(const JobName& job);
  void note_writable(const std::string& folder);
  void wait_for_settings(const JobName& job, TrackedStem& stem, const UnreadableSettings& settings);
  void try_misconfigured(const std::string& folder);
  void try_the_next_misconfigured(const JobName& job, const std::string& folder);
  void note_settings_read(const std::string& folder, const std::string* up_to);
  void note_configured(const std::string& folder);
  void set_aside(TrackedStem& stem, StemPhase phase);
  void try_again(const JobName& job, bool is_urgent);

  void open_watch();
  void request_look(const JobName& job, TrackedStem& stem, bool is_urgent);
  void look_soon(const JobName& job, milliseconds delay);
  void arm_timer();
  void on_timer();
  void on_due(const JobName& job);
  void look_at_folder_soon(const std::string& path, std::optional<SteadyTime> at);
  void look_at_folder(const std::string& path);
  std::string show_folder(const std::string& path) const;

  boost::asio::any_io_executor loop_;
  SpoolSettings settings_;
  Log& log_;
  IntakeListener& listener_;
  IntakeOptions options_;
  IgnoredFolders ignored_;
  std::shared_ptr<const UniqueFd> root_;
  std::shared_ptr<const Inotify> inotify_;  // null where there is none to be had
  std::string no_events_ = "asked for";     // why there is none
  std::shared_ptr<IntakeWatcher> watcher_;  // null as above
  std::shared_ptr<IntakeScanner> scanner_;
  std::shared_ptr<IntakeLooks> looks_;

  FolderTroubles unreadable_;
  FolderTroubles unwritable_;
  FolderTroubles misconfigured_;  // by the folder that the reeld.toml lies in
  WritesUnderWay writes_;
  ArrivingFolders arriving_;
  StemTable stems_{[this](bool are_many) {
    if (scanner_) scanner_->hold_back(are_many);
  }};
  Deadlines deadlines_;
  Deadlines folder_looks_;           // when folders in trouble are looked at again; of no stem
  boost::asio::steady_timer timer_;  // for the earliest deadline
  SteadyTime armed_for_ = SteadyTime::max();
  std::uint64_t last_ticket_ = 0;

  boost::asio::steady_timer round_timer_;  // for the next scan of the whole spool
  std::uint64_t round_ = 0;                // the number of the last such scan
  bool is_in_round_ = false;               // until what it found is decided
  bool has_read_all_ = false;
  bool must_scan_again_ = false;
  bool is_polling_ = false;
  bool needs_polling_ = false;  // as far as this scan has seen
  bool is_round_whole_ = true;  // it could read every folder
  std::uint64_t listing_ = 0;   // the number of the last folder that a scan has opened
  std::string folder_;          // whose names the scan tells now
  std::vector<JobName> listed_;
  std::deque<JobName> undecided_;
  bool is_deciding_ = false;
  bool has_found_ = true;  // something, since it was said that all is found: at first, that may be nothing
  LogThrottle rescans_;
  std::set<std::string, std::less<>> polling_reasons_;
  bool is_stopped_ = false;
};

}  // namespace reeld
