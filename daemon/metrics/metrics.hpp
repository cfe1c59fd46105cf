#pragma once
// The daemon's numbers for Prometheus: what is counted as it happens, and the page with that and with what is
// read when it is asked for. docs/metrics.md says what each one means; a test holds the two together.
//
// Lifetime: owned by the Daemon. Threads: the loop's.
// Source: Prometheus' text exposition format 0.0.4; its "Metric and label naming".

#include <memory>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/verdict_word.hpp"
#include "ledger/records.hpp"
#include "metrics/process_usage.hpp"
#include "net/exchange.hpp"
#include "scheduler/lane.hpp"
#include "scheduler/wait_table.hpp"

namespace reeld {

/// What is not counted but read.
struct MetricsView {
  std::uint64_t accepted = 0;  // jobs, since the start
  std::uint64_t refused = 0;
  std::uint64_t doubt = 0;
  WaitCounts waiting{};
  std::size_t in_flight = 0;
  std::size_t awaiting = 0;
  std::uint32_t limit = 0;  // of the lane
  std::uint32_t concurrency = 0;
  Pause pause = Pause::none;
  bool is_held = false;
  std::size_t day_spent = 0;
  std::uint32_t day_cap = 0;
  bool is_ledger_well = true;
  std::optional<LedgerNumbers> ledger;  // nullopt: it cannot be read
  ProcessUsage process;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// An attempt has ended: one for which a request was made, or tried.
  void count_attempt(Verdict verdict, milliseconds queued, const ExchangeEnd& end);

  std::string write(const MetricsView& view) const;
  static constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
