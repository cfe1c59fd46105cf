#pragma once
// From a snapshot to the bytes of its request.
//
// Threads: pure; the boundary's dice are an argument.

#include <array>
#include <cstdint>
#include <string>

#include "net/exchange.hpp"
#include "settings/api_credentials.hpp"
#include "spool/snapshot.hpp"

namespace reeld {

/// A boundary from 128 random bits that occurs in none of the texts.
std::string choose_boundary(const Snapshot& snapshot, std::array<std::uint64_t, 2> random);

/// What tells one submission from another of the same snapshot: with the same, it is the same bytes.
struct SubmissionMarks {
  std::string boundary;
  std::string idempotency_key;  // "" : no such header
};

/// A GET without a body, as a submission whose last bytes end its head: it costs nothing, and creates
/// nothing.
Submission build_question(const std::string& target, const ApiSettings& api,
                          const ApiCredentials& credentials);

/// The key goes into the header that carries it, and nowhere else.
Submission build_submission(const Snapshot& snapshot, const ApiSettings& api,
                            const ApiCredentials& credentials, const SubmissionMarks& marks);

}  // namespace reeld
