#pragma once
// From a snapshot to the bytes of its request.
//
// Threads: pure but for the boundary's dice, which are an argument.

#include <array>
#include <cstdint>
#include <string>

#include "net/exchange.hpp"
#include "runtime/snapshot.hpp"

namespace reeld {

/// `random`: 128 random bits for the boundary. `key` goes into Authorization and nowhere else.
Submission build_submission(const Snapshot& snapshot, const ApiSettings& api, const std::string& key,
                            std::array<std::uint64_t, 2> random);

}  // namespace reeld
