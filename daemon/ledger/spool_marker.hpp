#pragma once
// `.reeld/spool` in the spool: what the spool knows of its ledger. TOML, for people to read.

#include <optional>
#include <string>
#include <variant>

#include "core/ledger_match.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

/// nullopt: there is none. No link is followed, and no more than 4 KiB are read. Errors: it cannot be read,
/// or is not a marker (`code` is EBADMSG).
std::variant<std::optional<SpoolMarker>, SysError> read_marker(int spool_fd, const std::string& spool_path);

/// Makes `.reeld` if it is missing. Durability: when nullopt is returned, the marker survives a power cut.
std::optional<SysError> write_marker(int spool_fd, const std::string& spool_path, const SpoolMarker& marker);

/// A random UUID (RFC 9562, version 4).
std::string make_uuid();

}  // namespace reeld
