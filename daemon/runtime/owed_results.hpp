#pragma once
// Where a result goes that the ledger owes: into the folder that the pair was in, found by what it is and not
// by what it is called now.
//
// Threads: blocking; a worker's or a command's.

#include "ledger/records.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

FolderIdentity identify_folder(int fd);

/// The folder under the job's path, if it is the one that the ledger means; else none.
UniqueFd open_folder_of(int spool_fd, const JobRecord& record);
/// The same, or, where it was renamed, wherever it is in the spool now.
UniqueFd find_folder_of(int spool_fd, const JobRecord& record);

/// Whether that file holds exactly that text.
bool holds_text(int folder_fd, const std::string& name, const std::string& text);

/// Whether the two names stand for the very files of that pair.
bool holds_pair(int folder_fd, const std::string& prompt_name, const std::string& image_name,
                const PairIdentity& pair);

/// Whether one of the pair's own files is still there under its name. Quick.
bool holds_file_of(int folder_fd, const JobRecord& record);
/// What the job's result is to be called in that folder: what it always is, or, where another pair has come
/// to stand there under the same stem, a hidden name of its own, for a result finishes the pair it stands
/// beside. `is_start`: what has the pair's own inodes is the pair's, whatever a crash has made of it.
std::string choose_result_name(int folder_fd, const JobRecord& record, const std::string& usual,
                               bool is_start);

/// A pair was moved from `before` to `now`, and its result written there. The one at the old place would be
/// in the way of a new pair: it is removed, if it is the same text and neither of the pair's very files is
/// there any more. Returns whether it was.
bool remove_left_behind(int spool_fd, const JobRecord& before, const JobName& now);

}  // namespace reeld
