#pragma once
// Takes a spool into service: its lock, its ledger, and what the last run has left open. At a start, and when
// a reload names another spool.
//
// Blocking: it opens a database and may read it through. Nothing is left behind of a spool that is refused.

#include <string>
#include <variant>

#include "ledger/open_ledger.hpp"
#include "settings/settings.hpp"
#include "spool/recovery.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// This process's alone, as long as `lock` is open.
struct TakenSpool {
  UniqueFd fd;
  UniqueFd lock;
  std::string path;
  OpenLedger ledger;
  Recovered recovered;
};

struct SpoolRefusal {
  int exit_code;  // settings/exit_code.hpp
  std::string reason;
};

/// A disk that is full today need not be tomorrow: only what takes a person is "configuration".
int code_of(const LedgerRefusal& refusal);

std::variant<TakenSpool, SpoolRefusal> take_spool(const Settings& settings);

}  // namespace reeld
