// The list of events in docs/log-events.md and the one in the code are the same list.
#include "runtime/log_events.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <set>
#include <string>

namespace reeld {
namespace {

std::set<std::string> find_all(const std::string& path, const std::regex& pattern) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::set<std::string> out;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) out.insert(match[1]);
  }
  return out;
}

TEST(LogEvents, TheDocumentListsEveryEventOfTheCodeAndNoOther) {
  const std::string root = REELD_SOURCE_DIR;
  const auto documented = find_all(root + "/docs/log-events.md", std::regex(R"(^\| `([a-z_]+\.[a-z_]+)`)"));
  const auto coded =
      find_all(root + "/daemon/runtime/log_events.hpp", std::regex(R"del(= "([a-z_]+\.[a-z_]+)")del"));
  EXPECT_GT(coded.size(), 20U);
  EXPECT_EQ(documented, coded);
}

}  // namespace
}  // namespace reeld
