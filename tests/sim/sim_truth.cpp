#include "sim/sim_truth.hpp"

#include <algorithm>

namespace reeld::sim {
namespace {

/// Whether a later change may have gone unseen, or left the file as it was.
bool may_hold(const SimFile& file, Content sent) {
  return file.content == sent || file.unseen.contains(sent);
}

bool has_held(const Stem* stem, const Contents& contents) {
  return stem != nullptr && stem->is_pair() && stem->prompt->history.contains(contents.prompt) &&
         stem->image->history.contains(contents.image);
}

}  // namespace

void Truth::listen(Outside& outside) {
  outside.on_intent = [this](std::int64_t job, const Contents& contents, const Spool::Place& place,
                             bool is_repeat) { on_intent(job, contents, place, is_repeat); };
  outside.on_boundary = [this](const Spool::Place& place, const Contents& sent, std::int64_t job,
                               bool is_repeat) { on_boundary(place, sent, job, is_repeat); };
  outside.on_early = [this](std::int64_t job, const Contents& sent, bool is_repeat) {
    on_early(job, sent, is_repeat);
  };
  outside.on_unrecorded = [this](const KnownJob& known) {
    complain_("an early success is not in the ledger: " + known.name.text() + " is " +
              std::string(word_of(known.state)));
  };
  outside.on_beside = [this](const Contents& sent) { ++allowed_more_[sent]; };
  outside.on_free = [this](const Contents& sent, bool is_repeat) {
    Boundaries& all = boundaries_[sent];
    (is_repeat ? all.repeats : all.firsts).pop_back();
  };
  outside.on_doubt = [this](std::int64_t job) { on_doubt(job); };
  outside.on_refused = [this](std::int64_t job) { jobs_[job].is_unpublished = true; };
  outside.on_told = [this](std::int64_t job) { jobs_[job].is_unpublished = false; };
  outside.on_met = [this](std::int64_t job, const Spool::Place& place) { on_met(job, place); };
  outside.on_write = [this](const Writing& what) { on_write(what); };
  outside.on_shown = [this](const std::string& id) { shown_.insert(id); };
}

/// Where the job's pair was before, the program takes it for being there still if one of its very files is,
/// whatever they hold by now, or its prompt in another file.
bool Truth::is_original(const Stem& stem, Content prompt) const {
  if (stem.prompt && stem.prompt->history.contains(prompt)) return true;
  const auto prompts = stem.image ? prompts_of_images_.find(stem.image->uid) : prompts_of_images_.end();
  return prompts != prompts_of_images_.end() && prompts->second.contains(prompt);
}

void Truth::note_placed(const Spool::Place& place) {
  const Stem* const stem = spool_.find(place);
  if (stem == nullptr || !stem->is_pair()) return;
  const Contents contents = stem->contents();
  ++placed_[contents];
  prompts_of_images_[stem->image->uid].insert(contents.prompt);
  bool is_copy = false;
  for (const auto& [other, its] : spool_.stems()) {
    const bool is_link = its.prompt == stem->prompt && its.image == stem->image;
    if (other == place || (is_link && is_known(*stem))) continue;
    is_copy = is_copy || is_original(its, contents.prompt);
    if (its.is_pair() && is_original(*stem, its.prompt->content)) note_take(its.contents());
  }
  if (is_copy) note_take(contents);
}

/// The very two files that a job was made of, or was met with: under another name they are no second take.
bool Truth::is_known(const Stem& stem) const {
  const auto is_of_it = [&](const auto& entry) {
    const JobTruth& job = entry.second;
    return job.contents == stem.contents() && job.prompt_files.contains(stem.prompt->uid) &&
           job.image_files.contains(stem.image->uid);
  };
  return spool_.kind().tells_births && std::ranges::any_of(jobs_, is_of_it);
}

/// Only of what was there before.
void Truth::note_take(const Contents& contents) {
  if (placed_[contents] > 1) ++allowed_more_[contents];
}

std::size_t Truth::allowed(const Contents& contents) const {
  const auto more = allowed_more_.find(contents);
  return 1 + (more == allowed_more_.end() ? 0 : more->second);
}

/// Early successes whose image nobody has read to its end: its very file alone is known.
std::size_t Truth::count_unread(const Contents& contents) const {
  const auto is_unread = [&](const auto& entry) {
    if (!entry.second.is_early || entry.second.contents != contents) return false;
    const auto record = store_.reader().read(entry.first);
    return record && !record->job.digests.image;
  };
  return static_cast<std::size_t>(std::ranges::count_if(jobs_, is_unread));
}

void Truth::on_early(std::int64_t job, const Contents& sent, bool is_repeat) {
  jobs_[job].is_early = true;
  Boundaries& all = boundaries_[sent];
  (is_repeat ? all.repeats : all.firsts).push_back(timeline_.now());
}

void Truth::on_doubt(std::int64_t job) {
  JobTruth& truth = jobs_[job];
  truth.is_doubted = true;
  boundaries_[truth.contents].doubts += truth.is_repeated ? 0 : 1;
}

void Truth::on_intent(std::int64_t job, const Contents& contents, const Spool::Place& place, bool is_repeat) {
  jobs_[job].contents = contents;
  jobs_[job].is_repeated = is_repeat;
  jobs_[job].homes.insert(place.folder);
  on_met(job, place);
}

void Truth::on_met(std::int64_t job, const Spool::Place& place) {
  const Stem* const stem = spool_.find(place);
  if (stem == nullptr || !stem->is_pair()) return;
  JobTruth& truth = jobs_[job];
  const bool is_prompt = may_hold(*stem->prompt, truth.contents.prompt);
  const bool is_image = may_hold(*stem->image, truth.contents.image);
  if (is_prompt) truth.prompt_files.insert(stem->prompt->uid);
  if (is_image) truth.image_files.insert(stem->image->uid);
  if (is_prompt && is_image) truth.homes.insert(place.folder);
}

/// Past the commit point nothing is sent again without a person's word, or the one repeat that the settings
/// ask for; and the day's cap holds.
void Truth::on_boundary(const Spool::Place& place, const Contents& sent, std::int64_t job, bool is_repeat) {
  const Stem* const stem = spool_.find(place);
  if (stem == nullptr || !stem->is_pair() || !may_hold(*stem->prompt, sent.prompt) ||
      !may_hold(*stem->image, sent.image))
    complain_("what was sent was no longer there");
  if (jobs_[job].is_unpublished) complain_("a refusal that nobody was told of was sent again");
  Boundaries& all = boundaries_[sent];
  (is_repeat ? all.repeats : all.firsts).push_back(timeline_.now());
  // Each doubt is repeated once; one of a request that never left, too: nobody can tell.
  const std::size_t most = allowed(sent);
  if (all.firsts.size() > most && all.firsts.size() > most + count_unread(sent))
    complain_("a second POST past the commit point");
  if (all.repeats.size() > (may_repeat_ ? all.doubts : 0)) complain_("a doubt was repeated twice");
  if (per_day_ == 0) return;
  std::size_t spent = 0;
  const auto is_of_today = [&](SteadyTime at) { return timeline_.now() - at < std::chrono::hours(23); };
  for (const auto& [other, its] : boundaries_) {
    for (const auto* const times : {&its.firsts, &its.repeats})
      spent += static_cast<std::size_t>(std::ranges::count_if(*times, is_of_today));
  }
  // What was created and has failed is no longer counted, as soon as that is heard.
  const auto has_failed = [](const auto& entry) { return entry.second.has_failed; };
  spent -= std::min(spent, static_cast<std::size_t>(std::ranges::count_if(server_.jobs(), has_failed)));
  if (spent > per_day_) complain_("more in a day than allowed");
}

void Truth::on_write(const Writing& what) {
  const Stem* const stem = spool_.find(what.place);
  if (what.was_published) complain_("what was published came back");
  if (what.kind == ResultKind::error) return;
  check_place(what, stem);
  check_content(what, stem);
}

/// A result goes into the folder that its pair was in, or to where that pair is.
void Truth::check_place(const Writing& what, const Stem* stem) {
  const auto truth = jobs_.find(what.job);
  if (truth == jobs_.end() || truth->second.homes.contains(what.place.folder)) return;
  const bool is_told_apart = spool_.kind().tells_births;
  if (is_told_apart && !has_held(stem, truth->second.contents))
    complain_("a result was written into another folder");
  truth->second.homes.insert(what.place.folder);
}

void Truth::check_content(const Writing& what, const Stem* stem) {
  const auto job = server_.jobs().find(what.text);
  if (what.kind != ResultKind::job || job == server_.jobs().end()) return;
  if (stem == nullptr || !stem->is_pair()) return;
  const Contents& sent = job->second.contents;
  // Of an early success the very file may stand for a content that nobody has read.
  const bool is_start = what.is_start || job->second.is_early;
  const auto is_its = [&](const SimFile& file, Content content) {
    return may_hold(file, content) || (is_start && file.history.contains(content));
  };
  if (!is_its(*stem->prompt, sent.prompt) && !is_its(*stem->image, sent.image))
    complain_("a pair got the answer of another");
}

void Truth::check_step() {
  if (server_.jobs().size() == seen_jobs_) return;
  seen_jobs_ = server_.jobs().size();
  for (const auto& [sent, all] : boundaries_) {
    const std::size_t most = allowed(sent);
    const std::size_t created = server_.created(sent);
    const std::size_t all_allowed = most + (may_repeat_ ? most : 0);
    if (created > all_allowed && created > all_allowed + count_unread(sent)) complain_("paid for twice");
  }
}

bool Truth::has_reason(const Spool::Place& place) {
  const Stem* const stem = spool_.find(place);
  for (const auto& [id, job] : jobs_) {
    const auto record = store_.reader().read(id);
    if (!record) continue;
    const bool is_very_image = job.image_files.contains(stem->image->uid);
    const bool is_unread = job.is_early && !record->job.digests.image;
    const bool is_prompt = stem->prompt->content == job.contents.prompt;
    const bool is_image = stem->image->content == job.contents.image || (is_unread && is_very_image);
    const bool is_half =
        (is_prompt && job.prompt_files.contains(stem->prompt->uid)) || (is_image && is_very_image);
    if (!is_half && !(is_prompt && is_image)) continue;
    if (record->job.state == LedgerState::accepted || record->job.state == LedgerState::doubt) return true;
    if (!record->job.created_id.empty()) return true;
  }
  return false;
}

void Truth::check_told() {
  const std::vector<std::int64_t> list = store_.reader().list_unpublished();
  const std::set<std::int64_t> owed(list.begin(), list.end());
  for (const auto& [id, created] : server_.jobs()) {
    if (shown_.contains(id) || owed.contains(created.job) || jobs_[created.job].is_doubted) continue;
    // Its error file is owed to the pair alone.
    if (created.has_failed) continue;
    complain_("job " + id + " was created, and nobody was told");
  }
}

}  // namespace reeld::sim
