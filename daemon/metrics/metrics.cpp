#include "metrics/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <sstream>

#include "metrics/metrics_view.hpp"

namespace reeld {
namespace {

// One ruler for all stages, so that they can be laid beside each other: from a millisecond (a hot connection,
// a fast disk) by halves of a decade to `response_timeout`'s ten minutes, and on to the day that a queue may
// hold.
const prometheus::Histogram::BucketBoundaries ruler{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                    0.5,   1,      2.5,   5,    10,    30,   60,  120,
                                                    300,   600,    1800,  3600, 14400, 86400};

enum class StageOf { queued, connect, upload, ack, commit, answer };
constexpr std::array<const char*, 6> stage_names{"queued", "connect", "upload", "ack", "commit", "answer"};
constexpr std::array verdicts{Verdict::accepted, Verdict::refused, Verdict::throttled,
                              Verdict::account,  Verdict::unsent,  Verdict::doubt};

double in_seconds(milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

struct Metrics::Impl {
  Impl();
  void observe(StageOf stage, milliseconds time) {
    stages[static_cast<std::size_t>(stage)]->Observe(in_seconds(time));
  }

  prometheus::Registry registry;
  std::array<prometheus::Counter*, verdicts.size()> attempts{};
  std::array<prometheus::Histogram*, stage_names.size()> stages{};
  prometheus::Counter* sent_bytes = nullptr;
  prometheus::Gauge* last_accepted = nullptr;
};

Metrics::Impl::Impl() {
  auto& tries = prometheus::BuildCounter()
                    .Name("reeld_attempts_total")
                    .Help("Tries at the POST, by what came of them")
                    .Register(registry);
  for (const Verdict verdict : verdicts)
    attempts[static_cast<std::size_t>(verdict)] = &tries.Add({{"verdict", std::string(word_of(verdict))}});
  auto& times = prometheus::BuildHistogram()
                    .Name("reeld_stage_seconds")
                    .Help("How long an attempt spent in each stage that it passed")
                    .Register(registry);
  for (std::size_t i = 0; i < stage_names.size(); ++i)
    stages[i] = &times.Add({{"stage", stage_names[i]}}, ruler);
  sent_bytes = &prometheus::BuildCounter()
                    .Name("reeld_sent_bytes_total")
                    .Help("Bytes of requests handed to connections, before TLS")
                    .Register(registry)
                    .Add({});
  last_accepted = &prometheus::BuildGauge()
                       .Name("reeld_last_accepted_timestamp_seconds")
                       .Help("When an attempt was last accepted, 0 for not since the start")
                       .Register(registry)
                       .Add({});
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}

Metrics::~Metrics() = default;

void Metrics::count_attempt(Verdict verdict, milliseconds queued, const ExchangeEnd& end) {
  impl_->attempts[static_cast<std::size_t>(verdict)]->Increment();
  impl_->sent_bytes->Increment(static_cast<double>(end.bytes_sent));
  if (verdict == Verdict::accepted) impl_->last_accepted->SetToCurrentTime();
  impl_->observe(StageOf::queued, queued);
  // A stage that was not reached, or not passed, took no time that could be compared with others'.
  const bool is_connected = end.body_bytes_sent > 0 || end.committed;
  if (is_connected && !end.reused_connection) impl_->observe(StageOf::connect, end.times.connect);
  if (!end.committed) return;
  impl_->observe(StageOf::upload, end.times.upload);
  impl_->observe(StageOf::ack, end.times.ack);
  impl_->observe(StageOf::commit, end.times.commit);
  if (end.reply) impl_->observe(StageOf::answer, end.times.answer);
}

std::string Metrics::write(const MetricsView& view) const {
  std::vector<prometheus::MetricFamily> families = list_families(view);
  for (auto& family : impl_->registry.Collect()) families.push_back(std::move(family));
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

}  // namespace reeld
