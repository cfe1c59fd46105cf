#include "sim/sim_world.hpp"

namespace reeld::sim {
namespace {

constexpr milliseconds stormy_time = std::chrono::minutes(20);
constexpr milliseconds longest_life = std::chrono::hours(24 * 3);
constexpr milliseconds longest_capped_life =
    std::chrono::hours(24 * 60);  // a day's cap of two takes its time
constexpr milliseconds calm_interval = std::chrono::hours(6);
constexpr milliseconds scan_interval = std::chrono::minutes(5);

}  // namespace

World::World(const WorldOptions& options, LedgerStore& store)
    : options_(options),
      dice_(options.seed),
      store_(store),
      server_(timeline_, dice_),
      ledger_(store, timeline_, dice_, options_.mutation),
      outside_{timeline_, dice_, spool_, server_, ledger_, options_.mutation} {
  outside_.limits.concurrency = 1 + static_cast<std::uint32_t>(dice_.roll(8));
  outside_.limits.backoff_most = std::chrono::minutes(1);
  if (dice_.chance(20)) outside_.limits.per_day = 2 + static_cast<std::uint32_t>(dice_.roll(4));
  outside_.rules.repeats_doubts = dice_.chance(30);
  outside_.trace = [this](const std::string& what) { note(what); };
  outside_.on_boundary = [this](const Spool::Place& place, const PairIdentity& pair, bool is_repeat) {
    on_boundary(place, pair, is_repeat);
  };
  outside_.on_free = [this](const PairIdentity& pair) {
    if (!boundaries_[pair].empty()) boundaries_[pair].pop_back();
  };
  outside_.on_shown = [this](const std::string& id) { shown_.insert(id); };
  outside_.on_doubt = [this](const PairIdentity& pair) { doubted_.insert(pair); };
  outside_.on_refused = [this](const PairIdentity& pair) { untold_.insert(pair); };
  outside_.on_told = [this](const PairIdentity& pair) { untold_.erase(pair); };
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
    if (app_) app_->look(place);
  });
}

void World::schedule_scan() {
  timeline_.after(is_calm_ ? calm_interval : scan_interval, [this] {
    app_->look_everywhere();
    if (!is_calm_ || !app_->is_idle() || app_->desk().waiting() != 0) schedule_scan();
  });
}

void World::drop_pair() {
  const auto folders = spool_.folders();
  const Spool::Place place{folders[dice_.roll(folders.size())], "s" + std::to_string(++pairs_)};
  Stem& stem = spool_.stems()[place];
  stem.prompt = spool_.make_file();
  stem.image = spool_.make_file();
  note("drop " + spool_.name_of(place).text());
  schedule_look(place);
}

/// With its results, or without them.
void World::move_pair() {
  const Spool::Place from = pick_place();
  Stem* const stem = spool_.find(from);
  if (stem == nullptr) return;
  const auto folders = spool_.folders();
  const Spool::Place to{folders[dice_.roll(folders.size())], from.stem + "m"};
  if (spool_.find(to) != nullptr) return;
  note("move " + spool_.name_of(from).text() + " to " + spool_.name_of(to).text());
  Stem moved = *stem;
  Stem left;
  if (dice_.chance(50)) std::swap(moved.results, left.results);
  spool_.stems()[to] = moved;
  if (left.results.empty()) {
    spool_.stems().erase(from);
  } else {
    spool_.stems()[from] = left;
  }
  schedule_look(from);
  schedule_look(to);
}

void World::replace_half() {
  const Spool::Place place = pick_place();
  Stem* const stem = spool_.find(place);
  if (stem == nullptr || !stem->prompt || !stem->image) return;
  note("replace half of " + spool_.name_of(place).text());
  (dice_.chance(50) ? stem->prompt : stem->image) = spool_.make_file();
  schedule_look(place);
}

void World::replace_both() {
  const Spool::Place place = pick_place();
  Stem* const stem = spool_.find(place);
  if (stem == nullptr) return;
  note("replace " + spool_.name_of(place).text());
  stem->prompt = spool_.make_file();
  stem->image = spool_.make_file();
  schedule_look(place);
}

void World::tidy_results() {
  const Spool::Place place = pick_place();
  Stem* const stem = spool_.find(place);
  if (stem == nullptr || stem->results.empty()) return;
  note("tidy " + spool_.name_of(place).text());
  stem->results.clear();
  schedule_look(place);
}

void World::rename_folder() {
  const auto folders = spool_.folders();
  const Spool::Folder folder = folders[dice_.roll(folders.size())];
  spool_.rename_folder(folder, spool_.name_of(folder) + "r");
  note("rename a folder to " + spool_.name_of(folder));
  timeline_.after(milliseconds(1), [this] { app_->look_everywhere(); });
}

/// `reeld retry`: the ledger first, then the results; never while an attempt is under way.
void World::say_retry() {
  const Spool::Place place = pick_place();
  Stem* const stem = spool_.find(place);
  if (stem == nullptr || !stem->prompt || !stem->image) return;
  const PairIdentity pair{*stem->prompt, *stem->image};
  const auto known = store_.reader().find(find_pair(spool_.name_of(place), pair)).known;
  if (!known || known->pair != pair || !known->is_published) return;
  if (known->state != LedgerState::accepted && known->state != LedgerState::doubt) return;
  note("retry " + spool_.name_of(place).text());
  store_.release(known->id, timeline_.date());
  ++words_[pair];
  stem->results.clear();
  timeline_.after(milliseconds(1), [this, place] { app_->look_again(place); });
}

void World::act_as_people() {
  switch (dice_.roll(14)) {
    case 0:
      return move_pair();
    case 1:
      return replace_half();
    case 2:
      return replace_both();
    case 3:
      return tidy_results();
    case 4:
      return rename_folder();
    case 5:
      return say_retry();
    case 6:
    case 7:
      return crash();
    default:
      return drop_pair();
  }
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
        if (app_->desk().waiting() != 0 && outside_.limits.per_day == 0)
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
  for (int i = 0; i < 3; ++i) drop_pair();
  boot();
  schedule_people();
  schedule_scan();
  while (!timeline_.is_over() && broken_.empty()) {
    timeline_.step();
    check_step();
    if (!is_calm_ && !app_->is_dead() && dice_.roll(300) == 0) crash();
    const auto most = outside_.limits.per_day == 0 ? longest_life : longest_capped_life;
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
