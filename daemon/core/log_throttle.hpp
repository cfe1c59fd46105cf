#pragma once
// Troubles that come again: each is said when it begins, and then counted.

#include <cstdint>
#include <map>
#include <string>

#include "core/clock.hpp"

namespace reeld {

class LogThrottle {
 public:
  /// How often this trouble has come since it was said. 0: it is to be said, because it is new or was quiet
  /// for ten minutes. Where nothing else came between, it is the same however long it was quiet.
  std::uint64_t note(const std::string& trouble, SteadyTime now);
  /// Something went well.
  void interrupt() { latest_.clear(); }

 private:
  struct Entry {
    std::uint64_t count = 0;
    SteadyTime last{};
  };

  void forget_oldest();

  std::map<std::string, Entry> entries_;
  std::string latest_;
};

}  // namespace reeld
