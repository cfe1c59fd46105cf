#pragma once
// Where a result goes that the ledger owes: into the folder that the pair was in, found by what it is and not
// by what it is called now.
//
// Threads: blocking; a worker's or a command's.

#include "ledger/records.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// The folder under the job's path, if it is the one that the ledger means (device, inode and birth time), or
/// holds that very pair; else none.
UniqueFd open_folder_of(int spool_fd, const JobRecord& record);
/// The same, or, where it was renamed, wherever it is in the spool now. An inode alone is no proof: it may be
/// another folder's by now.
UniqueFd find_folder_of(int spool_fd, const JobRecord& record);

/// Whether that file holds exactly that text.
bool holds_text(int folder_fd, const std::string& name, const std::string& text);

/// Whether the two names stand for the very files of that pair; they may have been touched.
bool holds_pair(int folder_fd, const std::string& prompt_name, const std::string& image_name,
                const PairIdentity& pair);

/// What is left of the pair that a result is about, where that is to be written.
enum class PairLeft {
  whole,     // both contents, whatever files hold them
  half,      // one of the very files, and other content in place of the other
  gone,      // no other pair stands in its place
  replaced,  // two files that both came anew: another pair, which the result would finish unsent
};

/// Whether both files are as the ledger has them. Quick.
bool holds_pair_untouched(int folder_fd, const JobRecord& record);
/// May read both files. `is_start`: the pair's own files are its own, whatever a crash has made of them.
PairLeft find_left(int folder_fd, const JobRecord& record, std::uint64_t digest_seed, bool is_start);
/// The hidden name of a result whose pair was replaced.
std::string aside_name(const JobRecord& record, const std::string& usual);

/// A pair was moved from `before` to `now`, and its result written there. The one at the old place would be
/// in the way of a new pair, or hidden for nobody: it is removed, if it is the same text and neither of the
/// pair's very files is there any more. Returns whether it was.
bool remove_stale_copy(int spool_fd, const JobRecord& before, const JobName& now);

}  // namespace reeld
