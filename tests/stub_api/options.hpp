#pragma once
// What the stub API was asked to be, from its command line.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::stub {

using std::chrono::milliseconds;

/// A fault that strikes any submission with a probability: --faults "reset-during-body=0.1".
struct RandomFault {
  std::string name;
  double probability = 0;
};

struct Options {
  std::filesystem::path folder;  // where ca.pem, port and requests.jsonl go
  std::uint16_t port = 0;        // 0: any free one
  std::string key = "test-key";  // the bearer token that is right
  milliseconds latency{0};       // between a whole request and its answer
  milliseconds job_time{2000};   // from queued to completed
  std::uint32_t max_jobs = 0;    // unfinished at once; 0: no limit
  std::vector<RandomFault> faults;
  std::uint64_t seed = 1;
  bool plain = false;          // HTTP without TLS
  bool tls_1_2 = false;        // nothing newer
  bool name_mismatch = false;  // a certificate for another name
  bool ipv6 = false;           // listens on ::1 alone
  bool keep_bodies = false;    // raw bodies go to bodies/N.bin
  bool hash = true;            // SHA-256 of each image (off in benchmarks)
};

/// Either options, or the exit code of a program that has said on standard error or output why it ends.
struct OptionsResult {
  std::optional<Options> options;
  int exit_code = 0;
};

OptionsResult read_options(int argc, char** argv);

/// "50ms", "2s", "1m"; a bare number is milliseconds. nullopt for anything else.
std::optional<milliseconds> parse_duration(std::string_view text);

/// "NAME=0.1,OTHER=0.05". nullopt when a name is unknown or a number is not a probability.
std::optional<std::vector<RandomFault>> parse_random_faults(std::string_view text);

}  // namespace reeld::stub
