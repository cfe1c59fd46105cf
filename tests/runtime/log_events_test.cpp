// The list of events in docs/log-events.md and the one in the code are the same list.
#include "runtime/log_events.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <string>

namespace reeld {
namespace {

/// The text between `before` and the next `after`, of each line of the file that has both.
std::set<std::string> find_all(const std::string& path, const std::string& before, const std::string& after) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::set<std::string> out;
  for (std::string line; std::getline(file, line);) {
    const std::size_t begin = line.find(before);
    if (begin == std::string::npos) continue;
    const std::size_t start = begin + before.size();
    const std::string name = line.substr(start, line.find(after, start) - start);
    if (name.find('.') != std::string::npos) out.insert(name);
  }
  return out;
}

TEST(LogEvents, TheDocumentListsEveryEventOfTheCodeAndNoOther) {
  const std::string root = REELD_SOURCE_DIR;
  const auto documented = find_all(root + "/docs/log-events.md", "| `", "`");
  const auto coded = find_all(root + "/daemon/runtime/log_events.hpp", "= \"", "\"");
  EXPECT_GT(coded.size(), 20U);
  EXPECT_EQ(documented, coded);
}

}  // namespace
}  // namespace reeld
