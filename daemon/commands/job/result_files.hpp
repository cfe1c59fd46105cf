#pragma once
// Result files that a command takes away: what the ledger holds as well is removed, anything else is kept
// under a hidden name.
//
// Errors: CommandFailure.

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "ledger/records.hpp"

namespace reeld {

/// The API's id in the answer that stands there, for the question whether to go on; "" where there is none.
std::string find_id_in(int folder_fd, const std::string& name);

/// The text that the ledger holds for a result of that name, if it does.
std::optional<std::string> find_known_text(const JobRecord& record, const std::string& name);

/// The text of a result, or of an error file; nullopt where none can be read.
std::optional<std::string> read_result(int folder_fd, const std::string& name);

/// `text`, if it is what the ledger holds of the job, now or under the name that a doubt.json says the job
/// had when it was written; else `find_known_text`.
std::optional<std::string> find_told_text(JobRecord record, const std::string& name,
                                          const std::optional<std::string>& text);

/// Removes the file, or, where its text is not `known`, keeps it under a hidden name, and says so to `out`,
/// and why. `folder` is for messages.
void put_away(int folder_fd, const std::string& folder, const std::string& name,
              const std::optional<std::string>& known, std::ostream& out,
              std::string_view why_kept = "is not what the ledger holds");

}  // namespace reeld
