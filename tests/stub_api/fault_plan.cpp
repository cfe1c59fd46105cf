#include "stub_api/fault_plan.hpp"

#include <charconv>

namespace reeld::stub {
namespace {

std::optional<FaultStep> parse_step(std::string_view text) {
  FaultStep step;
  const auto colon = text.find(':');
  step.name = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const auto number = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), step.count);
    if (error != std::errc{} || end != number.data() + number.size()) return std::nullopt;
  }
  if (!find_fault(step.name)) return std::nullopt;
  return step;
}

}  // namespace

FaultTarget split_target(std::string_view target) {
  constexpr std::string_view prefix = "/fault/";
  FaultTarget split;
  if (!target.starts_with(prefix)) {
    split.path = target;
    return split;
  }
  target.remove_prefix(prefix.size());
  const auto slash = target.find('/');
  split.order = target.substr(0, slash);
  split.path = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  std::string_view rest = split.order;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto step = parse_step(rest.substr(0, comma));
    split.known = split.known && step;
    if (step) split.steps.push_back(*step);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return split;
}

std::optional<Fault> FaultPlan::next(const FaultTarget& target) {
  const std::lock_guard lock(mutex_);
  if (target.steps.empty()) return roll();
  std::uint64_t position = served_[target.order]++;
  for (const FaultStep& step : target.steps) {
    if (step.count == 0 || position < step.count) return find_fault(step.name);
    position -= step.count;
  }
  return std::nullopt;
}

std::optional<Fault> FaultPlan::roll() {
  for (const RandomFault& fault : random_) {
    if (std::uniform_real_distribution<double>(0, 1)(dice_) < fault.probability)
      return find_fault(fault.name);
  }
  return std::nullopt;
}

}  // namespace reeld::stub
