#include "commands/unserved_settings.hpp"

namespace reeld {

std::vector<std::string> list_unserved_settings(const Settings& settings) {
  const Settings defaults;
  std::vector<std::string> lines;
  const auto note = [&](bool is_set, const std::string& key) {
    if (is_set) lines.push_back(key + " has no effect in this version of reeld (" REELD_VERSION ")");
  };
  note(!settings.api.idempotency_header.empty(), "api.idempotency_header");
  note(settings.submit.on_doubt != defaults.submit.on_doubt, "submit.on_doubt = \"retry\"");
  note(settings.follow.enabled, "follow.enabled");
  if (settings.submit.per_day != 0) {
    lines.push_back(
        "submit.per_day is counted from the start of the daemon in this version of reeld (" REELD_VERSION
        "): a restart begins a new count");
  }
  note(settings.log.format == LogFormat::journal, "log.format = \"journal\"");
  note(!settings.metrics.listen.empty(), "metrics.listen");
  note(settings.ledger != defaults.ledger, "[ledger]");
  return lines;
}

}  // namespace reeld
