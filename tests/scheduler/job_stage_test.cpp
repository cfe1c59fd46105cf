// The stages in docs/guarantees.md and those in the code are the same.
#include "scheduler/job_stage.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace reeld {
namespace {

using Steps = std::set<std::pair<std::string, std::string>>;

/// Rows such as "| `asked` | ... | `waiting` `done` |" of the table of stages.
Steps read_document() {
  std::ifstream file(std::string(REELD_SOURCE_DIR) + "/docs/guarantees.md");
  EXPECT_TRUE(file);
  Steps out;
  bool is_within = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| stage |")) is_within = true;
    if (line.empty()) is_within = false;
    if (!is_within || !line.starts_with("| `")) continue;
    const std::string from = line.substr(3, line.find('`', 3) - 3);
    std::istringstream last(line.substr(line.rfind('|', line.size() - 2) + 1));
    for (std::string word; last >> word;) {
      if (word.size() > 2 && word.front() == '`') out.emplace(from, word.substr(1, word.find('`', 1) - 1));
    }
  }
  return out;
}

TEST(JobStage, TheDocumentHasTheStepsOfTheCodeAndNoOthers) {
  Steps coded;
  for (const JobStage from : job_stages) {
    for (const JobStage to : job_stages) {
      if (may_follow(from, to)) coded.emplace(word_of(from), word_of(to));
    }
  }
  EXPECT_EQ(read_document(), coded);
}

}  // namespace
}  // namespace reeld
