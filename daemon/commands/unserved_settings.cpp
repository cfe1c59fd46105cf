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
  note(settings.log.format == LogFormat::journal, "log.format = \"journal\"");
  note(!settings.metrics.listen.empty(), "metrics.listen");
  note(settings.ledger != defaults.ledger, "[ledger]");
  return lines;
}

std::optional<std::string> find_unkept_limit(const Settings& settings) {
  if (settings.submit.per_day == 0) return std::nullopt;
  return "submit.per_day: this version of reeld (" REELD_VERSION
         ") cannot keep a daily limit; write 0, and limit submit.per_minute or the pairs in the spool "
         "instead";
}

}  // namespace reeld
