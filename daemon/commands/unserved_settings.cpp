#include "commands/unserved_settings.hpp"

namespace reeld {

std::vector<std::string> list_unserved_settings(const Settings& settings) {
  std::vector<std::string> lines;
  const auto note = [&](bool is_set, const std::string& key) {
    if (is_set) lines.push_back(key + " has no effect in this version of reeld (" REELD_VERSION ")");
  };
  note(settings.follow.enabled, "follow.enabled");
  note(!settings.page.listen.empty(), "page.listen");
  note(!settings.hooks.on.empty() || !settings.hooks.exec.empty(), "[hooks]");
  return lines;
}

}  // namespace reeld
