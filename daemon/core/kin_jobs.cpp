#include "core/kin_jobs.hpp"

#include <algorithm>
#include <utility>

namespace reeld {
namespace {

void take_proven(const FileIdentity& known, const std::optional<ContentDigest>& known_digest,
                 bool known_proof, const FileIdentity& stamp, std::optional<ContentDigest>& digest,
                 bool& proof) {
  if (!known_proof || !known_digest || known != stamp) return;
  digest = known_digest;
  proof = true;
}

}  // namespace

void take_proven_contents(const std::vector<KnownJob>& kin, FoundPair& found) {
  for (const KnownJob& job : kin) {
    take_proven(job.pair.prompt, job.digests.prompt, job.proof.prompt, found.stamps.prompt,
                found.digests.prompt, found.proof.prompt);
    take_proven(job.pair.image, job.digests.image, job.proof.image, found.stamps.image, found.digests.image,
                found.proof.image);
  }
}

bool depends_on_prompt(const std::vector<KnownJob>& kin, const FoundPair& found) {
  return std::ranges::any_of(
      kin, [&](const KnownJob& job) { return job.pair.prompt.size == found.stamps.prompt.size; });
}

bool depends_on_image(const std::vector<KnownJob>& kin, const FoundPair& found) {
  return std::ranges::any_of(kin, [&](const KnownJob& job) {
    const ContentMatch image = compare_image(job, found);
    // Known by its inode alone, as in a ledger of before: now that it is met, its content is recorded.
    const bool has_no_digest = image == ContentMatch::same && !job.digests.image;
    if (image != ContentMatch::unread && !has_no_digest) return false;
    const bool is_in_place = job.name == found.name;
    return compare_prompt(job, found) == ContentMatch::same ||
           (is_in_place && is_its_image(job, found.stamps.image));
  });
}

bool is_barred_in_place(const std::vector<KnownJob>& kin, const FoundPair& found) {
  return std::ranges::any_of(kin, [&](const KnownJob& job) {
    return compare(job, found, false) == PairMatch::same &&
           disposition(job, PairMatch::same) != Disposition::send;
  });
}

void add_missing(std::vector<KnownJob>& kin, std::vector<KnownJob> others) {
  for (KnownJob& job : others) {
    const bool is_listed = std::ranges::any_of(kin, [&](const KnownJob& one) { return one.id == job.id; });
    if (!is_listed) kin.push_back(std::move(job));
  }
}

bool has_new_stamps(const Recognition& recognition) {
  const KnownJob& known = *recognition.known;
  const FoundPair& found = recognition.found;
  const bool is_read = found.digests.prompt && found.digests.image;
  return is_read && (known.pair != found.stamps || known.digests != found.digests ||
                     (known.proof != found.proof && found.proof.prompt && found.proof.image));
}

}  // namespace reeld
