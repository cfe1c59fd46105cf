#pragma once
// systemd's journal: whether a descriptor leads there, and entries with fields of their own.
//
// Errors: SysError. sd_journal_sendv takes it silently that there is no journal, so that is asked first.
// Threads: one at a time.
// Durability: the journal's own.
// Source: systemd.exec(5) on $JOURNAL_STREAM, sd_journal_sendv(3), systemd's "Native Journal Protocol".

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "log/blocking_budget.hpp"
#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// Whether $JOURNAL_STREAM names this descriptor's device and inode: what is written there becomes entries,
/// and
/// "<3>" before a line its priority (sd-daemon(3)).
bool is_journal_stream(int fd);

class Journal {
 public:
  /// An error where no journal listens.
  static std::variant<Journal, SysError> open();

  /// One entry. Each field is "NAME=value", whose value may hold any bytes. The code of an error is EAGAIN
  /// where the journal does not keep up, and only then may the next one fare better.
  std::optional<SysError> send(const std::vector<std::string>& fields);

 private:
  explicit Journal(UniqueFd peer) : peer_(std::move(peer)) {}

  UniqueFd peer_;  // connected to the journal's socket, to see whether there is room; nothing is sent by it
  BlockingBudget budget_;
};

}  // namespace reeld
