#pragma once
// What is written into the ledger and read from it. The key is in none of it, nor is a whole prompt.

#include <cstdint>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/file_identity.hpp"
#include "core/job_name.hpp"
#include "core/known_job.hpp"
#include "core/verdict_word.hpp"

namespace reeld {

/// A folder by what stays the same when it is renamed.
struct FolderIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  auto operator<=>(const FolderIdentity&) const = default;
};

/// Recorded before the closing boundary may leave.
struct IntentRecord {
  JobName job;
  PairIdentity pair;
  FolderIdentity folder;
  SystemTime at;
  std::string url;
  std::string fields;           // a JSON object, without the prompt
  std::string prompt_start;     // to know it again
  std::string idempotency_key;  // "" where none is sent
  std::string boundary;         // kept only where a repeat must be byte for byte the same; else ""
};

struct AttemptId {
  std::int64_t job = 0;
  std::int64_t attempt = 0;
};

/// Recorded once an attempt's verdict is known.
struct EndRecord {
  AttemptId id;
  Verdict verdict = Verdict::doubt;
  std::string reason;
  int http_status = 0;  // 0: none
  std::string request_id;
  std::string api_id;       // accepted: the job's id at the API
  std::string answer;       // the raw body, byte for byte
  std::uint64_t bytes = 0;  // sent
  SystemTime at;
};

/// An intent without an end, found at a start: in doubt.
struct OpenIntent {
  AttemptId id;
  KnownJob job;
  FolderIdentity folder;
  IntentRecord intent;
};

/// A result that is in the ledger and not yet, or not surely, in its folder.
struct OwedResult {
  KnownJob job;
  FolderIdentity folder;
  EndRecord end;
};

}  // namespace reeld
