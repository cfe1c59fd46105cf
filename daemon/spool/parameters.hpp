#pragma once
// The parameters of a pair, from every place that may set them; later wins: [job] in the configuration,
// reeld.toml from the spool down to the pair's folder, front matter.
//
// Threads: any (it blocks on the disk).

#include <string>
#include <variant>

#include "codec/job_fields.hpp"
#include "core/content_digest.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

/// A folder's reeld.toml that cannot be read as TOML: being written, half saved, no text, too long, not ours
/// to read. Whoever writes it will mend it, and nothing is sent with what it does not say.
struct UnreadableSettings {
  std::string folder;     // relative to the spool
  std::string reason;     // for people: "projectA/reeld.toml:3: ..."
  ContentDigest content;  // of what it holds, as far as that could be read
};

/// Or why there are none. A text, for people ("projectA/reeld.toml:3: size: ..."): a reeld.toml says what it
/// must not. An error that can pass: one could not be read just now.
using Parameters = std::variant<JobFields, std::string, SysError, UnreadableSettings>;

/// Of the reeld.toml in that folder alone; no fields where there is none.
Parameters read_folder_parameters(int spool_fd, const std::string& folder, const FieldNames& names);

/// `folder` is relative to the spool, "" for the spool itself. A folder without a reeld.toml adds nothing.
/// Fields with an empty text stay in the result: they say "not sent". What would come under
/// the same name as another field (`names`) cannot be a parameter.
Parameters resolve_parameters(int spool_fd, const JobFields& base, const std::string& folder,
                              const JobFields& front_matter, const FieldNames& names);

}  // namespace reeld
