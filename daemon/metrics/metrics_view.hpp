#pragma once
// The part of the metrics that is read when it is asked for. An inside header of metrics/metrics.

#include <vector>

#include "metrics/metrics.hpp"

namespace prometheus {
struct MetricFamily;
}

namespace reeld {

std::vector<prometheus::MetricFamily> list_families(const MetricsView& view);

}  // namespace reeld
