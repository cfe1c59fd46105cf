#include "metrics/metrics_view.hpp"

#include <prometheus/metric_family.h>

#include <array>

namespace reeld {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array pauses{Pause::unsent, Pause::throttled, Pause::refused, Pause::account, Pause::doubt};

class Families {
 public:
  template <class Number>
  void gauge(const char* name, const char* help, Number value) {
    begin(name, help, MetricType::Gauge);
    add(nullptr, "", value);
  }
  template <class Number>
  void counter(const char* name, const char* help, Number value) {
    begin(name, help, MetricType::Counter);
    add(nullptr, "", value);
  }
  void begin(const char* name, const char* help, MetricType type) {
    list.emplace_back();
    list.back().name = name;
    list.back().help = help;
    list.back().type = type;
  }
  /// One more of the family that was begun last.
  template <class Number>
  void add(const char* label, std::string_view value, Number number) {
    ClientMetric metric;
    if (label != nullptr) metric.label.push_back({label, std::string(value)});
    metric.gauge.value = static_cast<double>(number);
    metric.counter.value = static_cast<double>(number);
    list.back().metric.push_back(std::move(metric));
  }

  std::vector<MetricFamily> list;
};

void list_work(const MetricsView& view, Families& into) {
  into.begin("reeld_jobs_total", "Jobs whose result was written since the start", MetricType::Counter);
  into.add("verdict", "accepted", view.accepted);
  into.add("verdict", "refused", view.refused);
  into.add("verdict", "doubt", view.doubt);
  into.begin("reeld_pairs_waiting", "Pairs without a result that are not under way, by what they wait for",
             MetricType::Gauge);
  WaitCounts waiting = view.waiting;
  for (const WaitReason reason : wait_reasons) {
    if (reason != WaitReason::not_running) into.add("reason", word_of(reason), count_of(waiting, reason));
  }
  into.gauge("reeld_requests_in_flight", "Attempts under way", view.in_flight);
  into.gauge("reeld_answers_awaited", "Attempts past the commit point that have no answer yet",
             view.awaiting);
}

void list_lane(const MetricsView& view, Families& into) {
  into.gauge("reeld_lane_limit", "Attempts that the lane allows at one time now", view.limit);
  into.gauge("reeld_lane_concurrency", "The most that it ever allows: submit.concurrency", view.concurrency);
  into.begin("reeld_lane_paused", "Whether the lane is paused, by which pause", MetricType::Gauge);
  for (const Pause pause : pauses) into.add("pause", word_of(pause), view.pause == pause ? 1 : 0);
  into.gauge("reeld_lane_held", "Whether the operator has said hold", view.is_held ? 1 : 0);
  into.gauge("reeld_day_spent", "Attempts of the last 24 hours that were or may have been paid for",
             view.day_spent);
  into.gauge("reeld_day_cap", "The most that the last 24 hours may see: submit.per_day, 0 for no limit",
             view.day_cap);
}

void list_ledger(const MetricsView& view, Families& into) {
  into.gauge("reeld_ledger_well", "Whether the ledger can be written", view.is_ledger_well ? 1 : 0);
  if (!view.ledger) return;
  into.gauge("reeld_jobs_in_doubt", "Jobs in doubt in the ledger now", view.ledger->doubts);
  into.gauge("reeld_results_unpublished", "Results that their folders should have had for a minute",
             view.ledger->unpublished);
}

void list_process(const ProcessUsage& process, Families& into) {
  into.counter("process_cpu_seconds_total", "Processor time, user and system", process.cpu_seconds);
  into.gauge("process_resident_memory_bytes", "Memory that is in RAM", process.resident_bytes);
  into.gauge("process_virtual_memory_bytes", "Memory that is mapped", process.virtual_bytes);
  into.gauge("process_open_fds", "Open file descriptors", process.open_fds);
  into.gauge("process_max_fds", "The most that may be open", process.max_fds);
  into.gauge("process_start_time_seconds", "When the process began, since the epoch", process.start_seconds);
}

}  // namespace

std::vector<MetricFamily> list_families(const MetricsView& view) {
  Families families;
  families.begin("reeld_build_info", "Always 1; the label says which reeld this is", MetricType::Gauge);
  families.add("version", REELD_VERSION, 1);
  list_work(view, families);
  list_lane(view, families);
  list_ledger(view, families);
  list_process(view.process, families);
  return std::move(families.list);
}

}  // namespace reeld
