#pragma once
// A job's idempotency key: the same over every attempt and restart, for it is made from what the job is and
// kept nowhere else. A person's "run it again" makes another.

#include <cstdint>
#include <string>

#include "core/file_identity.hpp"

namespace reeld {

/// `spool_uuid`: the spool's own. `keys`: how often a person has said: run it again. In the form of a UUID.
std::string make_idempotency_key(const std::string& spool_uuid, const PairIdentity& pair, std::uint32_t keys);

}  // namespace reeld
