#pragma once
// The parameters of a pair, from every place that may set them; later wins: [job] in the configuration,
// reeld.toml from the spool down to the pair's folder, front matter.
//
// Threads: any (it blocks on the disk).

#include <string>
#include <variant>

#include "codec/job_fields.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

/// Or why there are none. A text, for people ("projectA/reeld.toml:3: size: ..."): a reeld.toml is wrong. An
/// error: one could not be read, and its number says whether that can pass.
using Parameters = std::variant<JobFields, std::string, SysError>;

/// `folder` is relative to the spool, "" for the spool itself. A folder without a reeld.toml adds nothing.
/// Fields with an empty text stay in the result: they say "not sent". What would come under
/// the same name as another field (`names`) cannot be a parameter.
Parameters resolve_parameters(int spool_fd, const JobFields& base, const std::string& folder,
                              const JobFields& front_matter, const FieldNames& names);

}  // namespace reeld
