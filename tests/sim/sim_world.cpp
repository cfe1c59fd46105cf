#include "sim/sim_world.hpp"

namespace reeld::sim {
namespace {

constexpr milliseconds stormy_time = std::chrono::minutes(20);
constexpr milliseconds max_life = std::chrono::hours(24 * 3);
constexpr milliseconds max_capped_life = std::chrono::hours(24 * 60);  // a day's cap of two takes its time
constexpr milliseconds calm_interval = std::chrono::hours(6);
constexpr std::uint64_t max_steps = 300'000;  // of a world that comes to rest
constexpr milliseconds scan_interval = std::chrono::minutes(5);

}  // namespace

World::World(const WorldOptions& options, LedgerStore& store)
    : options_(options),
      dice_(options.seed),
      store_(store),
      spool_(timeline_, dice_),
      server_(timeline_, dice_),
      ledger_(store, timeline_, dice_, options_.mutation),
      truth_(spool_, store, server_, timeline_, [this](const std::string& what) { complain(what); }),
      outside_{timeline_, dice_, spool_, server_, ledger_, options_.mutation} {
  outside_.limits.concurrency = 1 + static_cast<std::uint32_t>(dice_.roll(8));
  max_concurrency_ = outside_.limits.concurrency;
  outside_.limits.backoff_max = std::chrono::minutes(1);
  if (dice_.chance(20)) outside_.limits.per_day = 2 + static_cast<std::uint32_t>(dice_.roll(4));
  outside_.rules.repeats_doubts = dice_.chance(30);
  outside_.trace = [this](const std::string& what) { note(what); };
  truth_.listen(outside_);
  truth_.note_repeats(outside_.rules.repeats_doubts);
  truth_.set_per_day(outside_.limits.per_day);
  FileSystem& kind = spool_.kind();
  kind.tells_births = dice_.chance(75);
  kind.keeps_stamps = dice_.chance(80);
  kind.tick_ns = dice_.chance(50) ? 4'000'000 : 10'000'000;
  if (!kind.keeps_stamps) kind.tells_births = false;
  if (dice_.chance(10)) {  // ext4 with inodes of 128 bytes, for one
    kind.tick_ns = 1'000'000'000;
    kind.tells_births = false;
  }
  kind.is_stamp_believed = !options_.mutation.has(Guard::lasting_inodes);
  kind.is_birth_ignored = !options_.mutation.has(Guard::birth_in_identity);
  kind.is_folder_birth_ignored = !options_.mutation.has(Guard::folder_by_birth);
  spool_.make_folder("a");
  spool_.make_folder("b");
}

void World::note(const std::string& what) {
  if (!options_.is_traced) return;
  trace_.push_back(std::to_string((timeline_.now() - SteadyTime{}) / milliseconds(1)) + " " + what);
}

void World::complain(const std::string& what) {
  if (broken_.empty()) broken_ = what;
  note("BROKEN: " + what);
}

void World::boot() {
  note("start");
  app_ = std::make_shared<SimApp>(outside_, ++starts_);
  app_->start();
}

void World::crash() {
  note("crash");
  app_->die();
  ledger_.crash();
  server_.forget_unrecorded();
  spool_.crash();
  timeline_.after(dice_.between(1, 60'000), [this] { boot(); });
}

Spool::Place World::pick_place() {
  auto& stems = spool_.stems();
  if (stems.empty()) return {spool_.folders().front(), "none"};
  auto it = stems.begin();
  std::advance(it, static_cast<std::ptrdiff_t>(dice_.roll(stems.size())));
  return it->first;
}

/// An event, which may be lost; the next scan sees it in any case.
void World::schedule_look(const Spool::Place& place) {
  if (dice_.chance(10)) return;
  timeline_.after(dice_.between(0, 5), [this, place] {
    if (app_ && spool_.has_folder(place.folder)) app_->look(place);
  });
}

void World::schedule_scan() {
  timeline_.after(is_calm_ ? calm_interval : scan_interval, [this] {
    app_->look_everywhere();
    if (!is_calm_ || !app_->is_idle() || app_->scheduler().waiting() != 0) schedule_scan();
  });
}

void World::schedule_people() {
  const bool is_hasty = dice_.chance(50);
  timeline_.after(dice_.between(1, is_hasty ? 3'000 : 240'000), [this] {
    if (timeline_.now() - SteadyTime{} > std::chrono::hours(1) + stormy_time) {
      note("calm");
      is_calm_ = true;
      server_.heal();
      ledger_.heal();
      // One start more, for what only a start can mend.
      timeline_.after(std::chrono::hours(1), [this] {
        if (app_->is_dead()) return;
        if (app_->scheduler().waiting() != 0 && outside_.limits.per_day == 0)
          complain("pairs wait for a start that should not be needed");
        crash();
      });
      return;
    }
    if (!app_->is_dead()) act_as_people();
    schedule_people();
  });
}

std::string World::run() {
  std::uint64_t steps = 0;
  for (int i = 0; i < 3; ++i) drop_pair();
  boot();
  schedule_people();
  schedule_scan();
  while (!timeline_.is_over() && broken_.empty()) {
    timeline_.step();
    check_step();
    if (!is_calm_ && !app_->is_dead() && dice_.roll(300) == 0) crash();
    if (++steps > max_steps) complain("it goes round and round");
    const auto most = outside_.limits.per_day == 0 ? max_life : max_capped_life;
    if (timeline_.now() - SteadyTime{} > most) {
      complain("it does not come to rest");
      break;
    }
  }
  if (broken_.empty()) check_end();
  app_->die();
  return broken_;
}

}  // namespace reeld::sim
