#pragma once
// The parameters of a pair, from every place that may set them; later wins: [job] in the configuration,
// reeld.toml from the spool down to the pair's folder, front matter.
//
// Threads: any (it blocks on the disk).

#include <string>
#include <variant>

#include "codec/job_fields.hpp"

namespace reeld {

/// `folder` is relative to the spool, "" for the spool itself. A folder without a reeld.toml adds nothing.
/// Fields with an empty text stay in the result: they say "not sent". Errors: for people,
/// "projectA/reeld.toml:3: size: ...": a reeld.toml that cannot be read, is a link, larger than 64 KiB, or
/// wrong.
std::variant<JobFields, std::string> resolve_parameters(int spool_fd, const JobFields& base,
                                                        const std::string& folder,
                                                        const JobFields& front_matter);

}  // namespace reeld
