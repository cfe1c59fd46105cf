#pragma once
// Which fault, if any, a submission is to suffer: ordered by its path, or by chance.
//
// "/fault/hang/v1/videos" hangs always; "/fault/hang:2,html-200:1/v1/videos" hangs the first two, answers the
// third with a page, and all others well. Threads: any.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "stub_api/faults.hpp"
#include "stub_api/options.hpp"

namespace reeld::stub {

struct FaultStep {
  std::string name;
  std::uint64_t count = 0;  // 0: for ever
};

/// A target without its /fault/... prefix, and what that prefix ordered.
struct FaultTarget {
  std::string path;   // "/v1/videos"
  std::string order;  // "hang:2", "" where nothing is ordered
  std::vector<FaultStep> steps;
  bool known = true;  // false: a name that is no fault
};

FaultTarget split_target(std::string_view target);

class FaultPlan {
 public:
  FaultPlan(std::vector<RandomFault> random, std::uint64_t seed) : random_(std::move(random)), dice_(seed) {}

  /// The fault of the next submission to this target.
  std::optional<Fault> next(const FaultTarget& target);

 private:
  std::optional<Fault> roll();

  std::mutex mutex_;
  std::map<std::string, std::uint64_t> served_;  // submissions so far, by order
  std::vector<RandomFault> random_;
  std::mt19937_64 dice_;
};

}  // namespace reeld::stub
