// What people, and programs that are not reeld, do with the files of pairs.

#include "sim/sim_world.hpp"

namespace reeld::sim {

Spool::Place World::make_place() {
  const auto folders = spool_.folders();
  return {folders[dice_.roll(folders.size())], "s" + std::to_string(++pairs_)};
}

std::optional<Spool::Place> World::pick_pair() {
  const Spool::Place place = pick_place();
  const Stem* const stem = spool_.find(place);
  return stem != nullptr && stem->is_pair() ? std::optional(place) : std::nullopt;
}

void World::note_placed(const Spool::Place& place) {
  const Stem* const stem = spool_.find(place);
  if (stem == nullptr || !stem->is_pair()) return;
  note("... " + spool_.name_of(place).text() + " has " + describe(stem->contents()));
  truth_.note_placed(place);
}

/// Under all their names: a file may have several.
void World::note_rewritten(const Stem& changed) {
  std::vector<Spool::Place> places;
  for (const auto& [place, stem] : spool_.stems()) {
    if (stem.prompt == changed.prompt || stem.image == changed.image) places.push_back(place);
  }
  for (const Spool::Place& place : places) note_placed(place);
}

void World::put(const Spool::Place& place, Content prompt, Content image) {
  Stem& stem = spool_.stems()[place];
  spool_.drop(stem.prompt);
  spool_.drop(stem.image);
  stem.prompt = spool_.make_file(prompt);
  stem.image = spool_.make_file(image);
  note_placed(place);
  schedule_look(place);
}

/// Its results stay.
void World::take_away(const Spool::Place& place) {
  Stem& stem = *spool_.find(place);
  spool_.drop(stem.prompt);
  spool_.drop(stem.image);
  if (stem.results.empty()) spool_.stems().erase(place);
  schedule_look(place);
}

/// Now and then of a content that another pair has, too.
void World::drop_pair() {
  Content prompt = spool_.make_content();
  Content image = spool_.make_content();
  const auto other = pick_pair();
  if (other && dice_.chance(20)) image = spool_.find(*other)->image->content;
  if (other && dice_.chance(5)) prompt = spool_.find(*other)->prompt->content;
  const Spool::Place place = make_place();
  note("drop " + spool_.name_of(place).text());
  put(place, prompt, image);
}

/// Beside its original.
void World::drop_copy() {
  const auto from = pick_pair();
  if (!from) return;
  const Spool::Place to = make_place();
  note("copy " + spool_.name_of(*from).text() + " to " + spool_.name_of(to).text());
  const Stem& original = *spool_.find(*from);
  Stem copy;
  copy.prompt = spool_.make_copy(*original.prompt);
  copy.image = spool_.make_copy(*original.image);
  spool_.stems()[to] = std::move(copy);
  note_placed(to);
  schedule_look(to);
}

/// A move from one file system to another, as reeld sees it.
void World::copy_and_delete() {
  const auto from = pick_pair();
  if (!from) return;
  const Spool::Place to = make_place();
  note("copy and delete " + spool_.name_of(*from).text() + " to " + spool_.name_of(to).text());
  Stem moved;
  moved.prompt = spool_.make_copy(*spool_.find(*from)->prompt);
  moved.image = spool_.make_copy(*spool_.find(*from)->image);
  take_away(*from);
  spool_.stems()[to] = std::move(moved);
  note_placed(to);
  schedule_look(to);
}

/// One image for another prompt, or the whole pair under another name.
void World::link_pair() {
  const auto from = pick_pair();
  if (!from) return;
  const Spool::Place to = make_place();
  const bool is_whole = dice_.chance(30);
  note((is_whole ? "link " : "link the image of ") + spool_.name_of(*from).text() + " to " +
       spool_.name_of(to).text());
  const Stem& original = *spool_.find(*from);
  Stem linked;
  linked.prompt = is_whole ? spool_.link(original.prompt) : spool_.make_file(spool_.make_content());
  linked.image = spool_.link(original.image);
  spool_.stems()[to] = std::move(linked);
  note_placed(to);
  schedule_look(from.value());
  schedule_look(to);
}

/// Two pairs trade their names, or one half of them; with their results, or without.
void World::swap_pairs() {
  const auto one = pick_pair();
  const auto other = pick_pair();
  if (!one || !other || *one == *other) return;
  note("swap " + spool_.name_of(*one).text() + " and " + spool_.name_of(*other).text());
  Stem& first = *spool_.find(*one);
  Stem& second = *spool_.find(*other);
  const std::uint64_t which = dice_.roll(4);
  if (which != 1) std::swap(first.prompt, second.prompt);
  if (which != 0) std::swap(first.image, second.image);
  if (dice_.chance(50)) std::swap(first.results, second.results);
  for (const FilePtr& file : {first.prompt, first.image, second.prompt, second.image}) spool_.mark(*file);
  for (const Spool::Place& place : {*one, *other}) {
    note_placed(place);
    schedule_look(place);
  }
}

/// The same bytes under the same name.
void World::upload_again() {
  const auto place = pick_pair();
  if (!place) return;
  note("upload " + spool_.name_of(*place).text() + " again");
  const Contents contents = spool_.find(*place)->contents();
  put(*place, contents.prompt, contents.image);
}

/// Another prompt, and a copy of the one reference image.
void World::reuse_name() {
  const auto place = pick_pair();
  if (!place) return;
  note("use the name " + spool_.name_of(*place).text() + " again");
  const Content image = spool_.find(*place)->image->content;
  spool_.find(*place)->results.clear();
  take_away(*place);
  timeline_.after(dice_.between(10, 2'000), [this, place = *place, image] {
    if (spool_.has_folder(place.folder)) put(place, spool_.make_content(), image);
  });
}

void World::remove_pair() {
  const auto place = pick_pair();
  if (!place) return;
  note("remove " + spool_.name_of(*place).text());
  Stem& stem = *spool_.find(*place);
  archive_.emplace_back(*stem.prompt, *stem.image);
  if (dice_.chance(70)) stem.results.clear();
  take_away(*place);
}

/// From a backup: the same bytes and the old mtimes.
void World::restore_pair() {
  if (archive_.empty()) return remove_pair();
  const auto& [prompt, image] = archive_[dice_.roll(archive_.size())];
  const Spool::Place place = make_place();
  note("restore " + spool_.name_of(place).text());
  Stem& stem = spool_.stems()[place];
  stem.prompt = spool_.make_copy(prompt);
  stem.image = spool_.make_copy(image);
  note_placed(place);
  schedule_look(place);
}

/// With its results, or without them.
void World::move_pair() {
  const Spool::Place from = pick_place();
  Stem* const stem = spool_.find(from);
  if (stem == nullptr) return;
  const auto folders = spool_.folders();
  const Spool::Place to{folders[dice_.roll(folders.size())], from.stem + (dice_.chance(70) ? "m" : "")};
  if (spool_.find(to) != nullptr) return;
  note("move " + spool_.name_of(from).text() + " to " + spool_.name_of(to).text());
  Stem moved = *stem;
  Stem left;
  if (dice_.chance(50)) std::swap(moved.results, left.results);
  if (moved.prompt) spool_.mark(*moved.prompt);
  if (moved.image) spool_.mark(*moved.image);
  spool_.stems()[to] = moved;
  if (left.results.empty()) {
    spool_.stems().erase(from);
  } else {
    spool_.stems()[from] = left;
  }
  note_placed(to);
  schedule_look(from);
  schedule_look(to);
}

void World::replace_half() {
  const auto place = pick_pair();
  if (!place) return;
  note("replace half of " + spool_.name_of(*place).text());
  Stem& stem = *spool_.find(*place);
  auto& half = dice_.chance(50) ? stem.prompt : stem.image;
  const Content content = spool_.make_content_like(half->content);
  spool_.drop(half);
  half = spool_.make_file(content);
  note_placed(*place);
  schedule_look(*place);
}

void World::replace_both() {
  const Spool::Place place = pick_place();
  if (spool_.find(place) == nullptr) return;
  note("replace " + spool_.name_of(place).text());
  put(place, spool_.make_content(), spool_.make_content());
}

/// `touch`, or `chmod`.
void World::touch_pair() {
  const auto place = pick_pair();
  if (!place) return;
  note("touch " + spool_.name_of(*place).text());
  Stem& stem = *spool_.find(*place);
  const bool is_chmod = dice_.chance(30);
  for (SimFile* const file : {stem.prompt.get(), stem.image.get()}) {
    if (dice_.chance(30)) continue;
    is_chmod ? spool_.mark(*file) : spool_.touch(*file);
  }
  schedule_look(*place);
}

/// In place, with as many bytes as before.
void World::rewrite_pair(bool is_mtime_put_back) {
  const auto place = pick_pair();
  if (!place) return;
  note("rewrite " + spool_.name_of(*place).text());
  Stem& stem = *spool_.find(*place);
  const std::uint64_t which = dice_.roll(4);
  for (SimFile* const file : {stem.prompt.get(), stem.image.get()}) {
    if (which == (file == stem.prompt.get() ? 0U : 1U)) continue;
    spool_.rewrite(*file, spool_.make_content_like(file->content), is_mtime_put_back);
  }
  note_rewritten(stem);
  schedule_look(*place);
}

/// Written, and written anew at once, perhaps within the same tick of the clock: something new, or first what
/// lay there before.
void World::rewrite_soon() {
  const auto known = dice_.chance(50) ? pick_pair() : std::nullopt;
  const Spool::Place place = known ? *known : make_place();
  note("drop " + spool_.name_of(place).text() + ", and rewrite it soon");
  const Contents first =
      known ? spool_.find(place)->contents() : Contents{spool_.make_content(), spool_.make_content()};
  if (known) spool_.find(place)->results.clear();
  put(place, first.prompt, first.image);
  timeline_.after(dice_.between(0, 9), [this, place] {
    Stem* const stem = spool_.find(place);
    if (stem == nullptr || !stem->is_pair()) return;
    for (SimFile* const file : {stem->prompt.get(), stem->image.get()})
      spool_.rewrite(*file, spool_.make_content_like(file->content), false);
    note_rewritten(*stem);
    schedule_look(place);
  });
}

}  // namespace reeld::sim
