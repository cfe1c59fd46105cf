#pragma once
// A job's name: the pair's path without extension, relative to the spool ("projectA/scene1").

#include <compare>
#include <string>

namespace reeld {

struct JobName {
  std::string folder;  // relative to the spool, "" for the spool itself, no leading or trailing slash
  std::string stem;

  auto operator<=>(const JobName&) const = default;
  std::string text() const { return folder.empty() ? stem : folder + "/" + stem; }
};

}  // namespace reeld
