#pragma once
// A world: a spool with people at work in it, a ledger on a disk, an API, and a reeld that is killed again
// and again. After every step it is asked whether what was promised still holds.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/sim_app.hpp"

namespace reeld::sim {

struct WorldOptions {
  std::uint64_t seed = 0;
  Mutation mutation;
  bool is_traced = false;
};

class World {
 public:
  /// `store` is an empty ledger.
  World(const WorldOptions& options, LedgerStore& store);

  /// Until the world has come to rest. Returns what was broken, "" if nothing.
  std::string run();
  const std::vector<std::string>& trace() const { return trace_; }

 private:
  void boot();
  void crash();
  void schedule_people();
  void act_as_people();
  void drop_pair();
  void move_pair();
  void replace_half();
  void replace_both();
  void tidy_results();
  void rename_folder();
  void say_retry();
  void schedule_look(const Spool::Place& place);
  void schedule_scan();
  Spool::Place pick_place();

  void on_boundary(const Spool::Place& place, const PairIdentity& pair, bool is_repeat);
  void check_step();
  void check_end();
  void complain(const std::string& what);
  void note(const std::string& what);

  WorldOptions options_;
  Dice dice_;
  Timeline timeline_;
  LedgerStore& store_;
  Spool spool_;
  Server server_;
  SimLedger ledger_;
  Outside outside_;
  std::shared_ptr<SimApp> app_;
  std::uint64_t starts_ = 0;
  int pairs_ = 0;
  bool is_calm_ = false;
  std::set<PairIdentity> untold_;      // refused, which no error file has said yet
  std::map<PairIdentity, int> words_;  // a person's "run it again"
  /// Closing boundaries that left, and of which the API has not said that it took nothing.
  std::map<PairIdentity, std::vector<SteadyTime>> boundaries_;
  std::size_t seen_jobs_ = 0;
  std::set<std::string> shown_;     // ids whose job.json was synced at some time
  std::set<PairIdentity> doubted_;  // that were recorded as in doubt at some time
  std::string broken_;
  std::vector<std::string> trace_;
};

}  // namespace reeld::sim
