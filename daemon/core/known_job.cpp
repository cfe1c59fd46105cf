#include "core/known_job.hpp"

#include <algorithm>
#include <utility>

namespace reeld {
namespace {

/// A change may leave the ctime as it is if it comes within the same tick of the kernel's coarse clock.
constexpr milliseconds max_tick{20};

/// Where a file system has no finer times, a change within the same second leaves the ctime as it is.
constexpr milliseconds max_coarse_tick = std::chrono::seconds(1) + max_tick;

/// A file server's clock may be ahead of ours, or in another time zone.
constexpr auto max_skew = std::chrono::hours(26);

constexpr int weight_of_untold = 8;  // more than all others

ContentMatch compare_digests(const std::optional<ContentDigest>& known,
                             const std::optional<ContentDigest>& found) {
  if (!found) return ContentMatch::unread;
  return *known == *found ? ContentMatch::same : ContentMatch::other;
}

/// Other content has come to its place before its one repeat, which would send that: so the repeat is over.
bool has_lost_repeat(const KnownJob& known, const FoundPair& found, PairMatch match) {
  const bool is_replaced = match == PairMatch::unrelated || match == PairMatch::half_replaced;
  const bool is_due = known.state == LedgerState::doubt && known.repeat_at;
  return is_replaced && is_due && known.name == found.name;
}

bool is_born_later(const KnownJob& known, const FileIdentity& found) {
  return known.sent_at && SystemTime(std::chrono::nanoseconds(found.born_ns)) > *known.sent_at + max_skew;
}

bool is_whole_second(const FileIdentity& stamp) {
  return std::chrono::nanoseconds(stamp.ctime_ns) % std::chrono::seconds(1) == std::chrono::nanoseconds(0);
}

/// Without births and finer times, a file that is made within the second of the stamp may get that inode and
/// that ctime, too.
bool may_be_of_its_second(const FileIdentity& known, const FileIdentity& found, bool is_proof) {
  const bool has_births = known.born_ns != 0 && found.born_ns != 0;
  return !has_births && known.ctime_ns != 0 && is_whole_second(known) && !is_proof;
}

bool is_very_pair(const KnownJob& known, const FoundPair& found) {
  return is_its_prompt(known, found.stamps.prompt) && is_its_image(known, found.stamps.image);
}

/// A person has said that the job is to run again, and it has not yet.
bool has_word(const KnownJob& known) {
  return known.state == LedgerState::reopened || (known.state == LedgerState::unsent && known.keys > 0);
}

/// How the job that a person wants to run again is this pair; unrelated: there is none. A word is about files
/// or a place, not about whatever has that content.
PairMatch find_word(const std::vector<KinJob>& kin, const FoundPair& found) {
  PairMatch out = PairMatch::unrelated;
  for (const KinJob& one : kin) {
    if (!has_word(one.job)) continue;
    const PairMatch match = compare(one.job, found, one.is_original_there);
    if (match == PairMatch::same) return match;
    if (match == PairMatch::moved && is_very_pair(one.job, found)) out = match;
  }
  return out;
}

/// Other files with the same contents, gone by now, and nothing is under way of them. To a word about the
/// place those yield, too, that have come here since they were sent.
bool yields_to_word(const KnownJob& known, const FoundPair& found, PairMatch match, PairMatch word) {
  if (match != PairMatch::moved || known.state == LedgerState::intended) return false;
  return word == PairMatch::same || (word == PairMatch::moved && !is_very_pair(known, found));
}

/// Whether a word about that job would be about this pair, too.
bool is_word_about(const KnownJob& known, const FoundPair& found, PairMatch match) {
  if (!has_word(known)) return false;
  const bool is_at_path = match == PairMatch::same || match == PairMatch::half_replaced;
  return is_at_path || (match == PairMatch::moved && is_very_pair(known, found));
}

int weigh(PairMatch match) {
  switch (match) {
    case PairMatch::same:
      return 3;
    case PairMatch::moved:
      return 2;
    case PairMatch::half_replaced:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

std::string_view word_of(LedgerState state) {
  switch (state) {
    case LedgerState::intended:
      return "intended";
    case LedgerState::unsent:
      return "unsent";
    case LedgerState::refused:
      return "refused";
    case LedgerState::accepted:
      return "accepted";
    case LedgerState::doubt:
      return "doubt";
    case LedgerState::reopened:
      break;
  }
  return "released";
}

bool is_very_file(const FileIdentity& known, const FileIdentity& found) {
  if (known.device != found.device || known.inode != found.inode) return false;
  if (known.born_ns != 0 && found.born_ns != 0) return known.born_ns == found.born_ns;
  // A ledger of before has neither time: there the inode has to do.
  return known.ctime_ns == 0 || known.ctime_ns == found.ctime_ns;
}

bool is_its_prompt(const KnownJob& known, const FileIdentity& found) {
  return is_very_file(known.pair.prompt, found) && !is_born_later(known, found);
}

bool is_its_image(const KnownJob& known, const FileIdentity& found) {
  return is_very_file(known.pair.image, found) && !is_born_later(known, found);
}

bool is_proof(const FileIdentity& stamp, SystemTime looked_at) {
  const std::chrono::nanoseconds changed(stamp.ctime_ns);
  return looked_at.time_since_epoch() - changed > (is_whole_second(stamp) ? max_coarse_tick : max_tick);
}

ContentMatch compare_prompt(const KnownJob& known, const FoundPair& found) {
  if (known.pair.prompt.size != found.stamps.prompt.size) return ContentMatch::other;
  if (known.digests.prompt) return compare_digests(known.digests.prompt, found.digests.prompt);
  if (!found.digests.prompt) return ContentMatch::unread;
  return known.prompt_start == found.prompt_start ? ContentMatch::same : ContentMatch::other;
}

ContentMatch compare_image(const KnownJob& known, const FoundPair& found) {
  if (known.pair.image.size != found.stamps.image.size) return ContentMatch::other;
  if (known.digests.image) return compare_digests(known.digests.image, found.digests.image);
  return is_its_image(known, found.stamps.image) ? ContentMatch::same : ContentMatch::other;
}

PairMatch compare(const KnownJob& known, const FoundPair& found, bool is_original_there) {
  const bool is_same_prompt = compare_prompt(known, found) == ContentMatch::same;
  const bool is_same_image = compare_image(known, found) == ContentMatch::same;
  const bool is_very_prompt = is_its_prompt(known, found.stamps.prompt);
  const bool is_very_image = is_its_image(known, found.stamps.image);
  const bool is_in_place = known.name == found.name;
  if (is_same_prompt && is_same_image) {
    if (is_in_place) return PairMatch::same;
    const bool is_copy = is_original_there && !(is_very_prompt && is_very_image);
    return is_copy ? PairMatch::copy : PairMatch::moved;
  }
  const bool is_prompt_left =
      is_very_prompt && !may_be_of_its_second(known.pair.prompt, found.stamps.prompt, known.proof.prompt);
  const bool is_image_left =
      is_very_image && !may_be_of_its_second(known.pair.image, found.stamps.image, known.proof.image);
  const bool is_half_left = (is_same_prompt && is_prompt_left) || (is_same_image && is_image_left);
  return is_in_place && is_half_left ? PairMatch::half_replaced : PairMatch::unrelated;
}

bool may_send(const KnownJob& known) {
  if (known.state == LedgerState::refused) return known.created_id.empty();
  return known.state == LedgerState::unsent || known.state == LedgerState::reopened;
}

Disposition disposition(const KnownJob& known, PairMatch match) {
  if (match == PairMatch::unrelated || match == PairMatch::copy) return Disposition::send;
  // A refusal is over once it was told: removing its error file is a person's word, unless the API had
  // created the job. Until then it stands, for these files.
  const bool is_unpublished =
      known.state == LedgerState::refused && !known.is_published && !known.is_forgotten;
  if (is_unpublished && match != PairMatch::half_replaced) return Disposition::move_result;
  if (may_send(known)) return Disposition::send;
  if (known.state == LedgerState::intended) return Disposition::wait;
  // What was published beside its pair does not come back: people move results about.
  const bool is_with_pair = known.is_published && !known.is_left_behind;
  const bool is_over = is_with_pair || known.is_forgotten;
  if (match == PairMatch::moved) return is_over ? Disposition::finish : Disposition::move_result;
  if (match == PairMatch::same && known.repeat_at) return Disposition::repeat;
  return Disposition::finish;
}

Recognition recognize(const std::vector<KinJob>& kin, FoundPair found) {
  Recognition out;
  out.found = std::move(found);
  const PairMatch word = find_word(kin, out.found);
  int best = 0;
  for (const KinJob& one : kin) {
    const PairMatch match = compare(one.job, out.found, one.is_original_there);
    if (is_word_about(one.job, out.found, match)) out.words.push_back(one.job.id);
    if (yields_to_word(one.job, out.found, match, word)) continue;
    if (match == PairMatch::copy) out.originals.push_back(one.job.id);
    // That it is in doubt was not told yet, for the repeat's sake; now nothing else would tell it.
    const bool must_tell = has_lost_repeat(one.job, out.found, match);
    const int closeness = weigh(match);
    if (closeness == 0 && !must_tell) continue;
    const Disposition answer = must_tell ? Disposition::move_result : disposition(one.job, match);
    const int weight = must_tell ? weight_of_untold : closeness + (answer == Disposition::send ? 0 : 4);
    if (weight <= best) continue;
    best = weight;
    out.disposition = answer;
    out.match = match;
    out.known = one.job;
  }
  return out;
}

}  // namespace reeld
