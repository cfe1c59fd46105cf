// What people, and programs that are not reeld, do in the spool, and which of it when.

#include "sim/sim_world.hpp"

namespace reeld::sim {

void World::tidy_results() {
  const Spool::Place place = pick_place();
  Stem* const stem = spool_.find(place);
  if (stem == nullptr || stem->results.empty()) return;
  note("tidy " + spool_.name_of(place).text());
  stem->results.clear();
  schedule_look(place);
}

std::string World::make_folder_name(std::string name) const {
  while (spool_.find_folder(name)) name += "r";
  return name;
}

void World::rename_folder() {
  const auto folders = spool_.folders();
  const Spool::Folder folder = folders[dice_.roll(folders.size())];
  spool_.rename_folder(folder, make_folder_name(spool_.name_of(folder)));
  note("rename a folder to " + spool_.name_of(folder));
  timeline_.after(milliseconds(1), [this] { app_->look_everywhere(); });
}

/// Renamed, and another one made under the old name.
void World::recreate_folder() {
  const auto folders = spool_.folders();
  const Spool::Folder folder = folders[dice_.roll(folders.size())];
  const std::string name = spool_.name_of(folder);
  spool_.rename_folder(folder, make_folder_name(name));
  note("rename the folder " + name + ", and make another one");
  spool_.make_folder(name);
  timeline_.after(milliseconds(1), [this] { app_->look_everywhere(); });
}

/// With what is in it. Another one is made under its name, at once or a little later.
void World::remove_folder() {
  const auto folders = spool_.folders();
  const Spool::Folder folder = folders[dice_.roll(folders.size())];
  const std::string name = spool_.name_of(folder);
  note("remove the folder " + name);
  if (folders.size() == 1) spool_.make_folder(make_folder_name(name));
  spool_.remove_folder(folder);
  timeline_.after(milliseconds(1), [this] { app_->look_everywhere(); });
  timeline_.after(dice_.between(20, 3'000), [this, name] { spool_.make_folder(make_folder_name(name)); });
}

void World::change_settings() {
  if (dice_.chance(50)) outside_.rules.repeats_doubts = !outside_.rules.repeats_doubts;
  outside_.limits.concurrency = 1 + static_cast<std::uint32_t>(dice_.roll(8));
  max_concurrency_ = std::max(max_concurrency_, outside_.limits.concurrency);
  truth_.note_repeats(outside_.rules.repeats_doubts);
  note("the settings change");
  app_->change_settings();
}

/// `reeld retry`: the ledger first, then the results; never while an attempt is under way.
void World::say_retry() {
  const auto place = pick_pair();
  if (!place) return;
  Stem& stem = *spool_.find(*place);
  const auto known = store_.reader().find_at(spool_.name_of(*place));
  if (!known || known->pair != spool_.stamps_of(stem) || !known->is_published) return;
  if (known->state != LedgerState::accepted && known->state != LedgerState::doubt) return;
  note("retry " + spool_.name_of(*place).text());
  store_.reopen(known->id, timeline_.date());
  truth_.note_word(stem.contents());
  stem.results.clear();
  timeline_.after(milliseconds(1), [this, place = *place] {
    if (spool_.has_folder(place.folder)) app_->look_again(place);
  });
}

void World::act_on_pair() {
  switch (dice_.roll(19)) {
    case 0:
      return drop_copy();
    case 1:
    case 2:
      return copy_and_delete();
    case 3:
    case 4:
      return upload_again();
    case 5:
    case 6:
      return reuse_name();
    case 7:
      return remove_pair();
    case 8:
      return restore_pair();
    case 9:
      return touch_pair();
    case 10:
    case 11:
      return rewrite_pair(dice_.chance(50));
    case 12:
    case 13:
      return rewrite_soon();
    case 14:
    case 15:
      return link_pair();
    case 16:
    case 17:
      return swap_pairs();
    default:
      return change_settings();
  }
}

void World::act_on_folder() {
  switch (dice_.roll(3)) {
    case 0:
      return rename_folder();
    case 1:
      return recreate_folder();
    default:
      return remove_folder();
  }
}

void World::act_as_people() {
  switch (dice_.roll(22)) {
    case 0:
      return move_pair();
    case 1:
      return replace_half();
    case 2:
      return replace_both();
    case 3:
    case 4:
      return tidy_results();
    case 5:
      return act_on_folder();
    case 6:
      return say_retry();
    case 7:
    case 8:
      return crash();
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
      return act_on_pair();
    default:
      return drop_pair();
  }
}

}  // namespace reeld::sim
