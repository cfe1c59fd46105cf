// How the simulated reeld asks which job a pair is: as spool/pair_lookup does, over the real ledger.

#include <algorithm>

#include "core/kin_jobs.hpp"
#include "sim/sim_app.hpp"

namespace reeld::sim {
namespace {

constexpr milliseconds pause_before_proof{100};

}  // namespace

/// Images are read later, and the pair is looked at anew then.
void SimApp::look_up(const Action& action) {
  later(out_.dice.between(0, 2), [this, pair = action.pair] {
    if (auto found = recognize(pair, false)) return take_answer(pair, std::move(*found));
    scheduler_.on_reading(pair.job);
    later(out_.dice.between(0, out_.dice.chance(70) ? 2 : 30),
          [this, pair] { take_answer(pair, *recognize(pair, true)); });
  });
}

void SimApp::take_answer(const ReadyPair& pair, Recognition answer) {
  if (!out_.mutation.has(Guard::known_before_sending)) answer = {};
  const auto found = std::make_shared<Recognition>(std::move(answer));
  const auto& known = found->known;
  if (known && known->state == LedgerState::refused && !out_.mutation.has(Guard::untold_refusals))
    found->disposition = Disposition::send;
  const bool is_created = known && known->state == LedgerState::refused && !known->created_id.empty();
  if (is_created && !out_.mutation.has(Guard::created_may_be_paid)) found->disposition = Disposition::send;
  const bool is_moved = known && found->match == PairMatch::moved;
  if (is_moved && found->disposition == Disposition::finish &&
      !out_.mutation.has(Guard::published_stays_away))
    found->disposition = Disposition::move_result;
  if (known) take_along(pair, *found);
  milliseconds wait{0};
  if (known && known->repeat_at)
    wait = std::max(wait, std::chrono::duration_cast<milliseconds>(*known->repeat_at - out_.timeline.date()));
  scheduler_.on_looked_up(pair, found, wait, out_.timeline.now());
  advance();
}

/// nullopt: an image has to be read for it, and may not be yet.
std::optional<Recognition> SimApp::recognize(const ReadyPair& pair, bool may_read_image) {
  LedgerReader& reader = out_.ledger.store().reader();
  FoundPair found;
  found.name = pair.job;
  found.stamps = pair.identity;
  std::vector<KnownJob> kin = reader.list_kin(found.name, found.stamps);
  take_proven_contents(kin, found);
  const bool must_read_prompt =
      !found.digests.prompt &&
      (depends_on_prompt(kin, found) || reader.has_sizes(found.stamps.prompt.size, found.stamps.image.size));
  Recognition unknown;
  unknown.found = found;
  const auto place = out_.spool.place_of(pair.job);
  const Stem* const stem = place ? out_.spool.find(*place) : nullptr;
  const SystemTime date = out_.timeline.date();
  if (must_read_prompt) {
    if (stem == nullptr || !stem->prompt || out_.spool.stamp_of(*stem->prompt) != found.stamps.prompt)
      return unknown;
    found.digests.prompt = digest_of(stem->prompt->content);
    found.proof.prompt = is_proof(found.stamps.prompt, date);
  }
  if (!found.digests.image && must_read_image(kin, found)) {
    if (!may_read_image) return std::nullopt;
    if (stem == nullptr || !stem->image || out_.spool.stamp_of(*stem->image) != found.stamps.image)
      return unknown;
    found.digests.image = digest_of(stem->image->content);
    found.proof.image = is_proof(found.stamps.image, date);
  }
  return conclude(std::move(kin), found);
}

bool SimApp::must_read_image(const std::vector<KnownJob>& kin, const FoundPair& found) {
  return depends_on_image(kin, found) || (found.digests.prompt && out_.ledger.store().reader().has_prompt(
                                                                      *found.digests.prompt, found.stamps));
}

bool SimApp::is_original_there(const KnownJob& job) const {
  if (!out_.mutation.has(Guard::originals_in_place)) return true;
  const auto place = out_.spool.place_of(job.name);
  const Stem* const stem = place ? out_.spool.find(*place) : nullptr;
  if (stem == nullptr) return false;
  if (stem->image && is_very_file(job.pair.image, out_.spool.stamp_of(*stem->image))) return true;
  if (!stem->prompt) return false;
  return is_very_file(job.pair.prompt, out_.spool.stamp_of(*stem->prompt)) ||
         (job.digests.prompt && digest_of(stem->prompt->content) == *job.digests.prompt);
}

Recognition SimApp::conclude(std::vector<KnownJob> kin, const FoundPair& found) {
  LedgerReader& reader = out_.ledger.store().reader();
  if (!is_barred_in_place(kin, found)) add_missing(kin, reader.list_by_content(found));
  std::vector<KinJob> all;
  for (KnownJob& job : kin) {
    const bool is_there = compare(job, found, true) == PairMatch::copy && is_original_there(job);
    all.push_back({std::move(job), is_there});
  }
  return reader.conclude(all, found);
}

/// A pair that was sent as soon as it was complete is read once more when its stamps are old enough, and
/// there is nothing else to do.
void SimApp::prove_stamps(const ReadyPair& pair) {
  later(pause_before_proof, [this, pair] {
    if (scheduler_.lane().in_flight() != 0) return prove_stamps(pair);
    const auto found = recognize(pair, true);
    if (found->known) take_along(pair, *found);
  });
}

/// The ledger learns where the pair of a job that stays as it is lies now, and what its files look like.
void SimApp::take_along(const ReadyPair& pair, const Recognition& found) {
  if (found.match != PairMatch::same && found.match != PairMatch::moved) return;
  const auto place = out_.spool.place_of(pair.job);
  if (!place) return;
  const std::int64_t job = found.known->id;
  out_.on_met(job, *place);
  if (has_new_stamps(found)) {
    const KnownStamps stamps{found.found.stamps, found.found.digests, found.found.proof};
    post([job, stamps](LedgerStore& store) { store.take_stamps(job, stamps); });
  }
  if (found.match != PairMatch::moved || found.disposition != Disposition::finish) return;
  const NewPlace to{pair.job, out_.spool.identity_of(place->folder), pair.prompt_name, pair.image_name};
  post([job, to, at = out_.timeline.date()](LedgerStore& store) { store.move_job(job, to, at); });
}

}  // namespace reeld::sim
