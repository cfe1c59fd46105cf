#pragma once
// STEM.error.json and STEM.doubt.json, as text that ends with a newline, indented for people.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/job_fields.hpp"
#include "core/clock.hpp"

namespace reeld {

/// {"verdict","reason","http_status","id","attempts","api","api_encoding","api_coding","at"}
struct ErrorResult {
  std::string verdict;  // "refused" for what the API refused and for bad input alike
  std::string reason;   // for people
  int http_status = 0;  // 0: null
  std::string id;       // of a job that the API has created all the same; "" : left out
  std::uint64_t attempts = 0;
  std::string api;  // the API's body if any: embedded as JSON where it is JSON, as text where it is that,
                    // else as base64, which `api_encoding` then says
  std::string
      api_coding;  // what the body is compressed with, where that could not be taken off; "" : left out
  SystemTime at;
};

/// The same, plus what an operator needs to look the job up at the provider.
struct DoubtResult {
  ErrorResult base;      // verdict "doubt"
  SystemTime sent_from;  // the time window in which the API may have created the job
  SystemTime sent_until;
  std::string url;
  JobFields fields;          // all that were sent but the prompt
  std::string prompt_start;  // the first characters of the prompt, to know the job again
  std::string image_sha256;
  std::string request_id;
  std::string id_seen;  // in an answer that could not be read, and not verified; "" : left out
  std::vector<std::string> ids_seen_before;  // in the answers to earlier tries; none: left out
  std::string job;
  std::string idempotency_key;  // "" : left out
};

std::string build_error_json(const ErrorResult& result);
std::string build_doubt_json(const DoubtResult& result);
/// The name of the job that a doubt.json says it is about, as it was then; "" where none can be read.
std::string read_doubt_job(std::string_view doubt_json);

/// What a STEM.error.json says of a job that the API had created all the same.
struct CreatedJob {
  std::string id;       // "" : of none
  int http_status = 0;  // 0: none
};
/// Never throws; of what is no such file nothing is known.
CreatedJob read_created_job(std::string_view error_json);

/// STEM.job.json of a job in doubt that a person has found at the provider: {"id"}.
std::string build_settled_json(std::string_view id);

/// RFC 3339, UTC, milliseconds: "2026-11-22T10:11:12.345Z".
std::string format_time(SystemTime time);

}  // namespace reeld
