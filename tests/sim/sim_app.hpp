#pragma once
// One life of reeld, from a start to a crash: the real desk, lane, verdicts and recovery, and a shell around
// them whose I/O is the world's.

#include <map>
#include <memory>
#include <string>

#include "core/desk.hpp"
#include "core/verdict.hpp"
#include "sim/sim_ledger.hpp"
#include "sim/sim_server.hpp"
#include "sim/sim_spool.hpp"

namespace reeld::sim {

/// Everything that outlives a crash.
struct Outside {
  Timeline& timeline;
  Dice& dice;
  Spool& spool;
  Server& server;
  SimLedger& ledger;
  const Mutation& mutation;
  LaneLimits limits{};
  DeskRules rules{};
  std::function<void(const std::string&)> trace{};
  std::function<void(const Spool::Place&, const PairIdentity&, bool is_repeat)> on_boundary{};  // it leaves
  std::function<void(const PairIdentity&)> on_free{};     // ... and the API has said that it took nothing
  std::function<void(const PairIdentity&)> on_doubt{};    // that is in the ledger
  std::function<void(const PairIdentity&)> on_refused{};  // likewise
  std::function<void(const PairIdentity&)> on_told{};     // its error file is, or was, there for good
  std::function<void(const std::string&)> on_shown{};     // a job.json is there for good
};

class SimApp : public std::enable_shared_from_this<SimApp> {
 public:
  SimApp(Outside& outside, std::uint64_t start)
      : out_(outside), desk_(outside.limits, outside.rules), start_(start) {}

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

  const Desk& desk() const { return desk_; }
  bool is_idle() const { return busy_ == 0; }

 private:
  struct Ending {
    PairIdentity pair;
    EndRecord end;
    std::int64_t job = 0;
    Spool::Folder folder = 0;
  };
  struct Attempt {
    Order order;
    IntentRecord intent;
    Spool::Folder folder = 0;
    std::shared_ptr<IntentAnswer> answer;
    std::optional<ServerAnswer> interruption;  // what ended the upload
    bool is_uploaded = false;
    bool is_recorded = false;   // the ledger has answered
    bool was_recorded = false;  // ... and it was durable
    bool is_over = false;
  };
  using AttemptPtr = std::shared_ptr<Attempt>;

  void later(milliseconds delay, std::function<void()> action);
  void advance();
  void carry_out(const Order& order);
  void look_up(const Order& order);
  void take_along(const ReadyPair& pair, std::int64_t job);
  void begin(const Order& order);
  void upload(const AttemptPtr& attempt);
  void interrupt(const AttemptPtr& attempt);
  void record_intent(const AttemptPtr& attempt);
  void pass_gate(const AttemptPtr& attempt);
  void send_boundary(const AttemptPtr& attempt);
  void end(const AttemptPtr& attempt, AttemptOutcome outcome, const Judgement& judgement,
           const ServerAnswer& answer);
  void record(const Order& order);
  void publish(const Order& order);
  void follow(const Order& order);
  void write_result(Spool::Place place, ResultKind kind, std::string text, std::int64_t job,
                    std::function<void()> done);
  void submit(SimLedger::Run run, SimLedger::Run undo, SimLedger::Done done);
  void post(SimLedger::Run run);
  void flush();
  void settle_open_intents();
  void note_ledger(bool is_well);
  bool is_unchanged(const Attempt& attempt) const;
  static bool is_paid(const Judgement& judgement) { return judgement.verdict == Verdict::accepted; }

  Outside& out_;
  Desk desk_;
  std::uint64_t start_;
  std::uint64_t tokens_ = 0;
  std::map<JobName, PairIdentity> told_;  // as intake remembers what it has said
  std::map<JobName, Ending> endings_;
  std::vector<SimLedger::Run> unwritten_;  // posted, and waiting for a disk that takes it
  std::size_t busy_ = 0;
  bool is_dead_ = false;
  bool is_advancing_ = false;
};

}  // namespace reeld::sim
