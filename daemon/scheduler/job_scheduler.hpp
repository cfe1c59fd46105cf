#pragma once
// The job scheduler: every pair from the time it is ready until its result is in its folder. It decides what
// is done next and gives actions to be carried out; who holds it (submit/dispatcher, tests/sim) carries them
// out and tells what came of them.
//
// Pure: the time and the dice are arguments. Threads: none of its own.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/known_job.hpp"
#include "core/ready_pair.hpp"
#include "core/scheduler_rules.hpp"
#include "core/verdict_word.hpp"
#include "scheduler/fair_queue.hpp"
#include "scheduler/files_in_hand.hpp"
#include "scheduler/held_masses.hpp"
#include "scheduler/job_stage.hpp"
#include "scheduler/lane.hpp"
#include "scheduler/lone_failures.hpp"
#include "scheduler/size_wall.hpp"
#include "scheduler/stage_counts.hpp"
#include "scheduler/start_conditions.hpp"
#include "scheduler/twins.hpp"
#include "scheduler/wait_table.hpp"
#include "scheduler/wall.hpp"

namespace reeld {

/// How an attempt ended.
struct AttemptOutcome {
  enum class Kind {
    judged,   // a request was made, or tried
    refused,  // the pair cannot be sent as it is; no request was made
    stale,    // a file has changed or gone, or the ledger knows the pair after all: intake decides anew
    failed,   // reeld itself could not open or read
  };
  Kind kind = Kind::stale;
  Verdict verdict = Verdict::unsent;
  std::optional<milliseconds> wait;  // throttled: what the API asked for
  bool has_sent_body = false;
  bool has_intent = false;  // it stands in the ledger, and so must its end
  bool is_created = false;  // refused, though the API has created a job: it may be paid for
  bool names_job =
      false;  // in doubt, and the answer tells of a job: there is nothing to find out by a repeat
  bool is_early_5xx = false;  // unsent, for that was the answer before the request was read
  About about = About::all;   // refused, account: whom it may be about
  std::string likeness{};     // ... and what tells whether another says the same
  std::string fields{};       // what was sent besides prompt and image
};

struct Action {
  enum class Kind {
    look_up,      // ask the ledger what it knows of `pair`; then `on_looked_up`
    start,        // an attempt, under `ticket`; then `on_ended`
    record,       // write the attempt's end into the ledger; then `on_recorded`
    publish,      // write the result that `verdict` calls for into the folder; then `on_published`
    move_result,  // write the result of `known()` beside `pair`, where it was moved to; then `on_published`
    say_known,    // `known()` is not sent again: that is logged
    choose,       // one of `candidates` that differs from `unlike`, if any does; then `on_chosen`
    withdraw,    // the error file of `pair` goes, for all meet what that says; unless somebody has touched it
    say_busy,    // the pair changes again and again while it is sent, and waits for a while: that is logged
    forget,      // intake has nothing to do with it until something changes
    look_again,  // intake decides anew
  };
  Kind kind = Kind::forget;
  ReadyPair pair{};
  std::uint64_t ticket = 0;
  std::uint64_t attempt = 0;  // start: the number of the try
  SteadyTime ready_at{};      // start: since when the pair is ready
  Verdict verdict = Verdict::unsent;
  bool has_accepted = false;  // start: the API has accepted something since the start, or a reload
  Wall::Ruling ruling = Wall::Ruling::none;  // record, publish: on the answer
  std::vector<ReadyPair> candidates{};
  Unlike unlike{};
  bool is_repeat = false;  // start: byte for byte what was sent before; record: it is in doubt and will be
  std::shared_ptr<const Recognition> recognition{};  // what the ledger said of the pair; null: nothing

  const KnownJob* known() const { return recognition && recognition->known ? &*recognition->known : nullptr; }
};

class JobScheduler {
 public:
  JobScheduler(LaneLimits limits, SchedulerRules rules) : lane_(limits), rules_(rules), held_(rules.masses) {}

  void on_ready(const ReadyPair& pair, SteadyTime now);
  /// `recognition`: null where the ledger knows nothing of the pair. `repeat_in`: how long until its
  /// `repeat_at`.
  void on_looked_up(const ReadyPair& pair, std::shared_ptr<const Recognition> recognition,
                    milliseconds repeat_in, SteadyTime now);
  /// To answer that, an image has to be read, which may take its time.
  void on_reading(const JobName& job);
  void on_gone(const JobName& job);
  /// Intake has found a pair that can never be sent: `publish` follows, unless a job of that name is in hand.
  void on_bad(const JobName& job);
  LaneTransition on_ended(const JobName& job, std::uint64_t ticket, const AttemptOutcome& outcome,
                          SteadyTime now, double jitter);
  void on_recorded(const JobName& job, SteadyTime now);
  /// Of the candidates that an action has named.
  void on_chosen(const JobName& job, SteadyTime now);
  void on_published(const JobName& job);

  /// Starts what may start. Call it after any event, and at `wake_at()`.
  void pump(SteadyTime now);
  std::optional<SteadyTime> wake_at() const { return plan_.wake_at; }
  std::vector<Action> take_actions() { return std::exchange(plan_.actions, {}); }

  /// Intake begins anew: it is the one to say which pairs wait, those that are in hand included, should they
  /// come to wait again.
  void drop_waiting();

  /// None starts before that, or before all are known that intake has found: the oldest goes first.
  void wait_for_scan(SteadyTime at_most) { conditions_.wait_until(at_most); }
  void on_scanned() { is_scanned_ = true; }
  /// Intake has decided all that scans have found so far: with the ledger's answers, it is known how many are
  /// new.
  void on_all_found() { held_.note_all_found(); }
  /// What the ledger has kept of masses; before the first scan.
  void restore_masses(MassState before) { held_.restore(before); }
  MassState mass_state() const { return held_.state(); }
  MassNews take_mass_news() { return held_.take_news(); }
  /// The operator's `reeld release`: how many may go.
  std::size_t release_masses();
  /// No attempt starts from now on.
  void close() { conditions_.close(); }
  /// The operator's `reeld hold`.
  void set_held(bool is_held) { conditions_.set_held(is_held); }
  bool is_held() const { return conditions_.is_held(); }
  /// While the ledger takes nothing, nothing is sent.
  void set_ledger_well(bool is_healthy) { conditions_.set_ledger_well(is_healthy); }
  void change_rules(LaneLimits limits, SchedulerRules rules, SteadyTime now);
  /// What was paid for, or may have been, before this start.
  void count_toward_daily_cap(SteadyTime at) { lane_.count_toward_daily_cap(at); }

  const Lane& lane() const { return lane_; }
  /// Why nothing more was started, when `pump` was last called.
  BlockReason block_reason() const { return plan_.block_reason; }
  std::size_t waiting() const {
    return queue_.size() + parked_.size() + counts_.asked() + counts_.suspected() + held_back();
  }
  /// Those that wait for a person's word, or for the end of the scan that has found them.
  std::size_t held_back() const { return held_.held_new() + held_.held_copies(); }
  /// Pairs whose images are read, to tell whether they were sent before.
  std::size_t reading() const { return counts_.reading(); }
  /// Why none of those starts that wait for their turn.
  WaitReason reason_of_turns(SteadyTime now) const;
  /// Adds what waits, by reason. Quick, however many wait for their turn.
  void count_waiting(WaitCounts& into, SteadyTime now) const;
  /// The same with ages, which are counted from when a pair was found ready. Looks at every job in hand.
  void tally_waiting(WaitTable& into, SteadyTime now) const;
  /// The same, each by itself, and what is under way, in the order of their names.
  void list_in_hand(const TellPair& tell, SteadyTime now) const;
  /// Jobs whose end is being recorded or whose result is being written.
  std::size_t finishing() const { return counts_.finishing(); }
  bool contains(const JobName& job) const { return jobs_.contains(job); }
  JobStage stage_of(const JobName& job) const;
  /// The job's files are no longer those that its result would be about.
  /// Or it is to be judged anew, because a person has said so.
  bool is_superseded(const JobName& job) const;

 private:
  struct Job {
    ReadyPair pair;
    JobStage stage = JobStage::done;
    std::shared_ptr<const Recognition> recognition;
    AttemptOutcome outcome;      // of the latest attempt
    std::uint64_t attempts = 0;  // tries at the POST
    std::uint32_t setbacks = 0;  // in a row: unsent after bytes of the body, or account as the probe
    std::uint32_t failures = 0;  // in a row: it could not be read
    std::uint32_t changes = 0;   // in a row: it changed while it was sent
    milliseconds own_pause{0};   // the latest attempt's end is about this pair alone: it waits by itself
    SteadyTime due{};            // parked: until then
    SteadyTime ready_at{};
    Wall::Ruling ruling = Wall::Ruling::none;  // on the latest attempt's answer
    bool is_probe = false;                     // the latest attempt began in a pause of the lane
    bool is_repeat = false;                    // in doubt already: what comes next is the one repeat
    bool will_repeat = false;                  // the latest attempt is in doubt, and is to be repeated
    bool is_reading = false;                   // asked: an image is read to answer that
    bool is_blocked = false;                   // asked: its files are under way under another name
    bool owns_files = false;                   // `files_` has given it its files
    bool requery_ledger = false;               // parked: the ledger is to be asked again
    bool is_gone = false;                      // its files changed while it was in hand
    bool recheck_on_requeue = false;           // intake has begun anew: should it wait again, that decides
    std::optional<ReadyPair> successor;        // ... and are ready anew
  };
  using Jobs = std::map<JobName, Job>;
  /// What is to be done, when to ask again, and why nothing more was started.
  struct Plan {
    std::vector<Action> actions;
    std::optional<SteadyTime> wake_at;
    BlockReason block_reason = BlockReason::none;
  };

  void emit(Action::Kind kind, const Job& job);
  void move(Job& job, JobStage stage);
  void block(Job& job);
  void unblock(Job& job);
  /// The job that an action was given for, in the stage that this has brought it to.
  Jobs::iterator find_at(const JobName& name, JobStage stage);
  void ask(Job& job, const ReadyPair& pair);
  void admit(Job& job);
  bool is_copy(const Job& job) const;
  void forget_contents(const Job& job);
  void settle_masses();
  void wake_by(SteadyTime at);
  void wait_turn(Job& job);
  void wait_for_calm(Job& job, SteadyTime now);
  void park(Job& job, SteadyTime due);
  void unpark_due(SteadyTime now);
  void unpark(Job& job);
  bool may_send(SteadyTime now);
  bool is_granted(const LaneAnswer& answer);
  void start(Job& job, SteadyTime now);
  LaneTransition settle_lane(Job& job, std::uint64_t ticket, SteadyTime now, double jitter);
  bool is_lone_failure(Job& job, double jitter);
  // scheduler/job_scheduler_wall.cpp: is it the pair, or a wall?
  LaneTransition settle_wall(Job& job, std::uint64_t ticket, SteadyTime now, double jitter);
  LaneTransition tell_lane(const Job& job, std::uint64_t ticket, bool is_refusal, SteadyTime now,
                           double jitter);
  void rule_own(Job& job);
  void rule_back(Job& job, SteadyTime now);
  void make_own(Job& job);
  void pump_proof(SteadyTime now);
  std::vector<ReadyPair> list_candidates() const;
  bool is_taken(std::uint64_t size) const;
  bool is_any_taken() const;
  void note_other(const Job& job);
  void probe_with_other();
  template <class Condition>
  const Job* find_smallest(const Condition& may_be) const;
  JobName take_next();
  void ask_alone(SteadyTime now);
  void settle(Jobs::iterator it, SteadyTime now);
  void settle_repeat(Jobs::iterator it, SteadyTime now);
  void publish(Job& job, Verdict verdict);
  void park_failed(Job& job, SteadyTime now);
  void put_back(Job& job, SteadyTime now);
  void finalize_doubt(Job& job);
  void hold_repeats();
  void start_over(Jobs::iterator it);
  void finish(Jobs::iterator it);
  void let_go(Job& job);
  std::optional<WaitReason> reason_of_job(const JobName& name, const Job& job, WaitReason of_turns) const;
  WaitReason reason_of_held(const JobName& job) const;
  static WaitReason reason_of_parked(const Job& job);
  void erase(Jobs::iterator it);

  Lane lane_;
  SchedulerRules rules_;
  StartConditions conditions_;
  bool is_scanned_ = false;
  HeldMasses held_;
  Jobs jobs_;
  StageCounts counts_;
  FairQueue queue_;
  Twins twins_;  // where copies wait
  std::multimap<SteadyTime, JobName> parked_;
  FilesInHand files_;
  LoneFailures lone_failures_;
  Wall wall_;
  SizeWall size_wall_;
  Plan plan_;
};

}  // namespace reeld
