#pragma once
// Whether a pair is a job that the ledger knows, and what follows from that. Jobs are known by the content of
// their two files, so that moving, renaming, restoring, touching or tidying away files never buys again, and
// a new prompt under an old name, or on an old inode, is never mistaken for the old one.
//
// Pure. Source of the rules: docs/guarantees.md, "Which pair is which job".

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/content_digest.hpp"
#include "core/file_identity.hpp"
#include "core/job_name.hpp"
#include "core/ready_pair.hpp"

namespace reeld {

/// What the ledger holds of a job, in the order of its life. The words are those in the database.
enum class LedgerState {
  intended,  // an attempt may have passed the commit point, and nothing has been recorded of its end
  unsent,    // the last attempt ended before the commit point, or the API took nothing
  refused,   // it has, or had, an error file; the API may have created it before it failed (`created_id`)
  accepted,  // the API's answer is in the ledger
  doubt,     // nobody knows
  reopened,  // an operator has said: run it again
};

std::string_view word_of(LedgerState state);

/// Of both files; nullopt: not read, or not recorded.
struct PairDigests {
  std::optional<ContentDigest> prompt;
  std::optional<ContentDigest> image;
  bool operator==(const PairDigests&) const = default;
};

/// Whether the stamps in the ledger prove the content: a file with the same stamp need not be read.
struct PairProof {
  bool prompt = false;
  bool image = false;
  bool operator==(const PairProof&) const = default;
};

struct KnownJob {
  std::int64_t id = 0;
  JobName name;
  PairIdentity pair;
  PairProof proof;
  PairDigests digests;      // absent: recorded before there were digests, or the answer came early
  std::string prompt_name;  // the two file names, in the job's folder
  std::string image_name;
  std::string prompt_start;           // of a job without the prompt's digest: how the prompt begins
  std::optional<SystemTime> sent_at;  // of such a job: when its latest attempt was recorded
  LedgerState state = LedgerState::intended;
  bool is_published = false;            // its result was written, and its folder synced
  bool is_left_behind = false;          // ... where its pair was no more
  bool is_forgotten = false;            // the ledger has its texts no more: no result can be written again
  std::uint64_t said_mark = 0;          // what `pair.known` was logged about; 0: nothing. See said_known.hpp
  std::optional<SystemTime> repeat_at;  // a doubt whose one repeat is still to come
  std::uint32_t keys = 0;               // how often a person has said "run it again"
  std::string created_id;               // refused, after the API had created it: its id there; else ""
  std::string idempotency_key;          // of its latest attempt, if that was sent with one and counts still
};

/// A pair as it lies in the spool.
struct FoundPair {
  JobName name;
  PairIdentity stamps;
  PairDigests digests;       // as far as they were read, or proven by a stamp
  PairProof proof;           // whether the stamps prove what was read
  std::string prompt_start;  // how the prompt begins; "" where it was not read
};

/// Whether it is the file that was sent, whatever its content is by now, and not a later one on its inode.
/// Where birth times are not told, only a file of which nothing has changed since is known to be that.
bool is_very_file(const FileIdentity& known, const FileIdentity& found);

/// The same of a job's own files. A ledger of before has no births: there a file that was born a day after
/// the job was sent is another, on an inode that was free again.
bool is_its_prompt(const KnownJob& known, const FileIdentity& found);
bool is_its_image(const KnownJob& known, const FileIdentity& found);

/// How a file that is found relates to the one that a job was made of.
enum class ContentMatch { same, other, unread };
ContentMatch compare_prompt(const KnownJob& known, const FoundPair& found);
ContentMatch compare_image(const KnownJob& known, const FoundPair& found);

/// Whether a later change to the file could not leave that stamp as it is: then the stamp proves what was
/// read. `looked_at`: when the stamp was taken, before the file was read.
bool is_proof(const FileIdentity& stamp, SystemTime looked_at);

/// How a pair that is found relates to a job that is known.
enum class PairMatch {
  unrelated,      // another job
  copy,           // both contents, and the job's own pair still lies at its path: another take is wanted
  same,           // both contents, at the job's path
  moved,          // the same two files elsewhere, or both contents, and the job's own files are gone
  half_replaced,  // at the job's path: one file is the one that was sent, the other has other content
};

/// `is_original_there`: the job's own pair still lies at the job's path. What was not read counts as other.
PairMatch compare(const KnownJob& known, const FoundPair& found, bool is_original_there);

/// Whether nothing stands, or may stand, at the API for a job: it takes no operator's word to send it.
bool may_send(const KnownJob& known);

/// What is to be done with a pair that is ready.
enum class Disposition {
  send,         // nothing is known that speaks against it
  repeat,       // in doubt, and its one repeat is still to come
  move_result,  // the job's result is not published yet: it is written where the pair lies
  finish,       // known: nothing is sent or written, and that is said
  wait,         // its end is not recorded yet: ask again
};

Disposition disposition(const KnownJob& known, PairMatch match);

/// What is known of a pair, after all jobs that may be kin to it were asked.
struct Recognition {
  Disposition disposition = Disposition::send;
  PairMatch match = PairMatch::unrelated;  // to `known`
  std::optional<KnownJob> known;           // the job that speaks for it; none: it is new
  std::vector<std::int64_t> originals;     // jobs that it is a copy of, and whose pairs were found in place
  /// Jobs that a person wants to run again, under this name or as these files: once the pair is sent, none of
  /// these words is left.
  std::vector<std::int64_t> words;
  FoundPair found;  // with what was read
};

/// What is known of a pair, where its stamps alone prove that nothing is to be done about it; else null.
using FindSettled = std::function<std::shared_ptr<const Recognition>(const ReadyPair&)>;

/// For some questions in a row, which see the same moment. It keeps the ledger's log from being folded, so it
/// is let go after them. Empty: nobody can be asked now.
using OpenSettled = std::function<FindSettled()>;

struct KinJob {
  KnownJob job;
  bool is_original_there = false;
};

/// Among all that are kin, what forbids sending wins; then the closest. But for one thing: where a person has
/// said that this very pair runs again, no job of other files with the same contents, gone by now, speaks
/// against it. Before all of them: a doubt whose repeat can no longer come, for other content lies in its
/// place; it is told there.
Recognition recognize(const std::vector<KinJob>& kin, FoundPair found);

}  // namespace reeld
