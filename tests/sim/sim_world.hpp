#pragma once
// A world: a spool with people at work in it, a ledger on a disk, an API, and a reeld that is killed again
// and again. After every step it is asked whether what was promised still holds.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/sim_app.hpp"
#include "sim/sim_truth.hpp"

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
  // sim_people.cpp: what people and programs do in the spool.
  void act_as_people();
  void act_on_pair();
  void act_on_folder();
  void note_placed(const Spool::Place& place);
  void note_rewritten(const Stem& changed);
  void put(const Spool::Place& place, Content prompt, Content image);
  void take_away(const Spool::Place& place);
  void drop_pair();
  void drop_copy();
  void copy_and_delete();
  void link_pair();
  void swap_pairs();
  void upload_again();
  void reuse_name();
  void remove_pair();
  void restore_pair();
  void move_pair();
  void replace_half();
  void replace_both();
  void touch_pair();
  void rewrite_pair(bool is_mtime_put_back);
  void rewrite_soon();
  void tidy_results();
  std::string make_folder_name(std::string name) const;
  void rename_folder();
  void recreate_folder();
  void remove_folder();
  void change_settings();
  void say_retry();
  void schedule_look(const Spool::Place& place);
  void schedule_scan();
  Spool::Place pick_place();
  Spool::Place make_place();
  std::optional<Spool::Place> pick_pair();

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
  Truth truth_;
  Outside outside_;
  std::shared_ptr<SimApp> app_;
  std::uint64_t starts_ = 0;
  int pairs_ = 0;
  bool is_calm_ = false;
  std::uint32_t max_concurrency_ = 0;
  std::vector<std::pair<SimFile, SimFile>> archive_;  // pairs that were removed, as they were
  std::string broken_;
  std::vector<std::string> trace_;
};

}  // namespace reeld::sim
