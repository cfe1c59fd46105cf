#pragma once
// What is written into the ledger and read from it. The key is in none of it, nor is a whole prompt.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/file_identity.hpp"
#include "core/job_name.hpp"
#include "core/known_job.hpp"
#include "core/ledger_match.hpp"
#include "core/verdict_word.hpp"

namespace reeld {

/// Recorded before the closing boundary may leave.
struct IntentRecord {
  std::string token;  // names the attempt; no two attempts of a ledger share one
  JobName job;
  std::string prompt_name;  // the pair's two file names
  std::string image_name;
  PairIdentity pair;
  PairDigests digests;  // an early answer may come before the image was read to its end
  PairProof proof;
  std::vector<std::int64_t> originals;  // jobs that this pair is known to be a copy of (core/known_job)
  FolderIdentity folder;
  SystemTime at;
  std::string url;
  std::string fields;           // a JSON object in the order of sending, without the prompt
  std::string prompt_start;     // to know it again
  std::string idempotency_key;  // "" where none is sent; the job's own, over all its attempts
  std::string boundary;         // so that a repeat is byte for byte the same
  bool is_repeat = false;       // of a doubt
  bool is_answered =
      false;  // the API may have made a job of it: it is recorded, whatever is known of the pair
};

/// Where a pair lies that was moved.
struct NewPlace {
  JobName name;
  FolderIdentity folder;
  std::string prompt_name;
  std::string image_name;
};

/// What a pair is known by.
struct KnownStamps {
  PairIdentity stamps;
  PairDigests digests;
  PairProof proof;
};

/// What the ledger said to an intent.
struct IntentAnswer {
  std::int64_t job = 0;
  std::int64_t generation = 0;    // of the ledger since
  std::optional<KnownJob> known;  // the pair is known and must not be sent: nothing was recorded. Not where
                                  // the intent was answered already
};

/// Among an end's headers it names the coding of an answer that could not be inflated.
inline constexpr std::string_view coding_header = "content-encoding";

/// Recorded once an attempt's verdict is known.
struct EndRecord {
  std::string token;
  Verdict verdict = Verdict::doubt;
  std::string reason;
  int http_status = 0;  // 0: none
  std::string request_id;
  std::string headers;       // of the reply, those that matter: a JSON object; "" if none
  std::string api_id;        // the job's id at the API; of a doubt: one that was seen, and not verified
  std::string answer;        // the raw body, byte for byte
  std::uint64_t bytes = 0;   // sent
  std::string image_sha256;  // of a doubt; "" else
  SystemTime at;
  std::optional<SystemTime> repeat_at;  // doubt: when it is to be repeated, once
};

/// A job with the attempt that speaks for it.
struct JobRecord {
  KnownJob job;
  FolderIdentity folder;
  IntentRecord intent;  // of the latest attempt; `at`: of the first that is in doubt
  EndRecord end;        // empty while the intent is open
  bool is_ended = false;
  std::uint64_t attempts = 0;  // that stand in the ledger
  std::vector<std::string>
      ids_before;  // of a doubt: ids that were seen in the answers before the one in `end`
};

/// An attempt that did not end well.
struct TroubleRecord {
  SystemTime at;
  JobName job;
  Verdict verdict = Verdict::doubt;
  std::string reason;
};

/// One whose texts may be forgotten once its pair is gone.
struct FinishedJob {
  std::int64_t id = 0;
  JobName name;
  std::string prompt_name;
  std::string image_name;
  std::uint64_t prompt_inode = 0;
  std::uint64_t image_inode = 0;
};

/// What a monitoring system wants to know of the ledger's contents.
struct LedgerNumbers {
  std::uint64_t doubts = 0;
  std::uint64_t unpublished = 0;  // results that their folders should have had for a minute
};

}  // namespace reeld
