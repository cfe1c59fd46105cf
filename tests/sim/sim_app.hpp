#pragma once
// One life of reeld, from a start to a crash: the real scheduler, lane, verdicts and recovery, and a shell
// around them whose I/O is the world's.

#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/verdict.hpp"
#include "scheduler/job_scheduler.hpp"
#include "sim/sim_ledger.hpp"
#include "sim/sim_server.hpp"
#include "sim/sim_spool.hpp"

namespace reeld::sim {

/// After a failure of a disk.
inline constexpr milliseconds retry_pause = std::chrono::seconds(2);

/// A result that is to be in a folder.
struct Writing {
  Spool::Place place;
  ResultKind kind = ResultKind::job;
  std::string text;
  std::int64_t job = 0;                               // of the ledger; 0: it has none
  std::function<std::int64_t()> backfilled_job_id{};  // of one that the ledger gets to know later
  PairIdentity pair;                                  // whose result it is
  PairDigests digests;
  bool was_published = false;           // when its pair was met
  bool is_start = false;                // after a crash the pair's own files are its own, whatever they hold
  bool is_mark_awaited = false;         // nothing is done with the pair before the ledger has the mark
  std::optional<ReadyPair> to_prove{};  // whose stamps prove nothing yet
  std::function<bool()> is_wanted{};    // asked right before it is written; none: always
};

/// Everything that outlives a crash.
struct Outside {
  Timeline& timeline;
  Dice& dice;
  Spool& spool;
  Server& server;
  SimLedger& ledger;
  const Mutation& mutation;
  LaneLimits limits{};
  SchedulerRules rules{};
  std::function<void(const std::string&)> trace{};
  // What has happened, for the truth to know it. `job` is the ledger's number.
  std::function<void(std::int64_t job, const Contents&, const Spool::Place&, bool is_repeat)> on_intent{};
  std::function<void(const Spool::Place&, const Contents&, std::int64_t job, bool is_repeat)> on_boundary{};
  // A success without a boundary, which the ledger has; and one which it has not, since it knows the pair.
  std::function<void(std::int64_t job, const Contents&, bool is_repeat)> on_early{};
  std::function<void(const KnownJob&)> on_unrecorded{};
  // One of a pair that would not have been sent: it came before the ledger was asked a second time.
  std::function<void(const Contents&)> on_beside{};
  // After a boundary the API has said that it took nothing.
  std::function<void(const Contents&, bool is_repeat)> on_free{};
  std::function<void(std::int64_t job)> on_doubt{};    // that is in the ledger
  std::function<void(std::int64_t job)> on_refused{};  // likewise
  std::function<void(std::int64_t job)> on_told{};     // its error file is, or was, there for good
  std::function<void(std::int64_t job, const Spool::Place&)> on_met{};  // its pair was found there
  std::function<void(const Writing&)> on_write{};                       // a result, just now
  std::function<void(const std::string&)> on_shown{};                   // a job.json is there for good
};

/// What the ledger knows of the pair, and whether that forbids to send it.
Recognition find_known(LedgerStore& store, const IntentRecord& intent);
bool is_barred(const Recognition& found, const IntentRecord& intent);

class SimApp : public std::enable_shared_from_this<SimApp> {
 public:
  SimApp(Outside& outside, std::uint64_t start)
      : out_(outside), scheduler_(outside.limits, outside.rules), start_(start) {}

  /// Recovery, then what is owed, then intake.
  void start();
  /// Nothing of it happens any more.
  void die() { is_dead_ = true; }
  bool is_dead() const { return is_dead_; }
  /// Something has happened at that place: an event, or a scan.
  void look(const Spool::Place& place);
  void look_everywhere();
  /// As `reeld retry` asks for.
  void look_again(const Spool::Place& place);

  void change_settings() { scheduler_.change_rules(out_.limits, out_.rules, out_.timeline.now()); }
  /// The folder that the ledger means, wherever it is now.
  std::optional<Spool::Folder> find_folder_of(const JobRecord& record) const;

  const JobScheduler& scheduler() const { return scheduler_; }
  bool is_idle() const { return busy_ == 0; }

 private:
  struct Attempt;
  using AttemptPtr = std::shared_ptr<Attempt>;
  /// An early success that the ledger could not take at once.
  struct LateJob {
    std::int64_t id = 0;  // once it has
    AttemptPtr attempt;
  };
  struct PendingResult {
    IntentRecord intent;
    EndRecord end;
    std::int64_t job = 0;
    std::shared_ptr<LateJob> late;
    std::optional<Spool::Folder> open_folder;  // as long as the pair does not wait again
  };
  struct Attempt {
    Action action;
    IntentRecord intent;
    Spool::Folder folder = 0;
    std::shared_ptr<void> open;
    FilePtr image;  // wherever it is by now
    Contents sent;
    std::shared_ptr<IntentAnswer> answer;
    std::optional<ServerAnswer> interruption;  // what ended the upload
    bool is_uploaded = false;
    bool is_recorded = false;   // the ledger has answered
    bool was_recorded = false;  // ... and it was durable
    bool is_over = false;
    bool is_late = false;  // paid for, and the ledger could not be written
  };

  void later(milliseconds delay, std::function<void()> action);
  void advance();
  void carry_out(const Action& action);
  void look_up(const Action& action);
  void take_answer(const ReadyPair& pair, Recognition found);
  std::optional<Recognition> recognize(const ReadyPair& pair, bool may_read_image);
  bool must_read_image(const std::vector<KnownJob>& kin, const FoundPair& found);
  Recognition conclude(std::vector<KnownJob> kin, const FoundPair& found);
  bool is_original_there(const KnownJob& job) const;
  void take_along(const ReadyPair& pair, const Recognition& found);
  void prove_stamps(const ReadyPair& pair);
  void begin(const Action& action);
  void upload(const AttemptPtr& attempt);
  void interrupt(const AttemptPtr& attempt);
  bool is_due(const ReadyPair& pair);
  void hear_early_success(Attempt& attempt);
  void take_early_success(const AttemptPtr& attempt);
  void note_early(const Attempt& attempt, std::int64_t job);
  void complete_digest(Attempt& attempt);
  void record_intent(const AttemptPtr& attempt, bool is_image_read);
  void submit_intent(const AttemptPtr& attempt);
  void record_answered(const AttemptPtr& attempt);
  SimLedger::Run make_late_record(const PendingResult& ending);
  void pass_gate(const AttemptPtr& attempt);
  void send_boundary(const AttemptPtr& attempt);
  void end(const AttemptPtr& attempt, AttemptOutcome outcome, const Judgement& judgement,
           const ServerAnswer& answer);
  void choose(const Action& action);
  void withdraw(const JobName& job);
  void record(const Action& action);
  void drop_folder_of_waiting(const JobName& name);
  JobRecord find_record(const Action& action);
  void publish(const Action& action);
  void publish_refusal(const Action& action);
  bool is_still_about(const ReadyPair& pair, const Spool::Place& place) const;
  void move_result(const Action& action);
  std::function<void()> end_of_publishing(const JobName& name);
  void write_result(const Writing& what, std::function<void()> done);
  void sync_result(const Writing& what, bool is_aside, std::function<void()> done);
  void mark_written(const Writing& what, std::function<void()> done);
  bool is_replaced(const Writing& what) const;
  void submit(SimLedger::Run run, SimLedger::Run undo, SimLedger::Done done);
  void submit_kept(const SimLedger::Run& run, std::function<void()> done);
  void post(SimLedger::Run run);
  void flush();
  void write_unpublished(std::int64_t job);
  void settle_open_intents();
  EndRecord settle(const JobRecord& record);
  bool is_told(const Spool::Place& place, const JobRecord& record) const;
  void note_ledger(bool is_healthy);
  bool snap(Attempt& attempt);
  const Stem* find_sent(const Attempt& attempt) const;
  bool look_again_at(Attempt& attempt);
  bool is_proof(const FileIdentity& stamp, SystemTime looked_at) const;
  std::optional<Spool::Folder> find_folder_at(const JobRecord& record) const;
  bool holds_pair(const Spool::Place& place, const PairIdentity& pair) const;
  static bool is_paid(const Judgement& judgement) { return judgement.verdict == Verdict::accepted; }

  Outside& out_;
  JobScheduler scheduler_;
  std::uint64_t start_;
  std::uint64_t tokens_ = 0;
  std::map<JobName, PairIdentity> told_;  // as intake remembers what it has said
  std::map<JobName, PendingResult> pending_results_;
  std::vector<SimLedger::Run> unwritten_;  // posted, and waiting for a disk that takes it
  std::set<std::int64_t> undeliverable_;   // jobs whose results found no folder
  std::set<std::int64_t> late_under_way_;
  std::size_t busy_ = 0;
  bool is_dead_ = false;
  bool is_advancing_ = false;
};

}  // namespace reeld::sim
