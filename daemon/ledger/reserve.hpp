#pragma once
// Space on the ledger's disk that is held back for the answers of all that is in flight: a file of that size,
// allocated. SQLite cannot reserve frames of its log ahead, so this is given up when space ends, and the
// answers are written into what it held.
//
// Threads: any (a mutex within). Lifetime: the file is kept between starts.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

class LedgerReserve {
 public:
  /// `path`: beside the ledger. Nothing is created yet.
  explicit LedgerReserve(std::string path) : path_(std::move(path)) {}

  bool holds(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    return fd_ && held_ >= bytes;
  }
  /// Sees to it that at least `bytes` are held. An error: they are not, and no commit may
  /// pass.
  std::optional<SysError> ensure(std::uint64_t bytes);
  /// Gives the space back to the disk.
  void give_up();

 private:
  const std::string path_;
  std::mutex mutex_;
  UniqueFd fd_;
  std::uint64_t held_ = 0;
};

}  // namespace reeld
