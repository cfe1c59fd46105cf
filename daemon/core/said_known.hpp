#pragma once
// Once for what lies there: whether `pair.known` was logged about a pair before. The ledger keeps a mark of
// what it was about, for another prompt under that name has to be said, too.
//
// Pure. The marks are in ledgers: what is hashed, and how, stays as it is.

#include <cstdint>

#include "core/known_job.hpp"

namespace reeld {

/// Of the place; and of both contents, where one is not the job's. Never 0, nor 1, which is all that ledgers
/// of before say.
std::uint64_t mark_of(const Recognition& recognition);

/// The job that is known has that mark. One of before counts where nothing was replaced or moved.
bool is_said(const Recognition& recognition);

}  // namespace reeld
