// docs/answers.md shows answers as examples: each is read and judged as it says.

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "codec/job_json.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

struct Example {
  int status = 0;
  std::string body;
  std::string id;
  std::string verdict;
};

/// `| 200 | `{"id":"video_1"}` | video_1 | accepted |`, without the bars and the blanks around them.
std::vector<std::string> split(const std::string& row) {
  std::vector<std::string> cells;
  for (std::size_t begin = row.find("| "); begin != std::string::npos && begin + 2 < row.size();) {
    const std::size_t end = row.find(" |", begin + 1);
    cells.push_back(end <= begin + 2 ? "" : row.substr(begin + 2, end - begin - 2));
    begin = row.find("| ", end);
  }
  return cells;
}

std::vector<Example> read_examples() {
  std::ifstream page(std::string(REELD_SOURCE_DIR) + "/docs/answers.md");
  std::string line;
  while (std::getline(page, line) && line != "| HTTP | the answer | its id | verdict |") {
  }
  std::getline(page, line);
  std::vector<Example> out;
  while (std::getline(page, line) && line.starts_with("| ")) {
    const std::vector<std::string> cells = split(line);
    EXPECT_EQ(cells.size(), 4U) << line;
    if (cells.size() != 4) continue;
    out.push_back({std::stoi(cells[0]), cells[1].substr(1, cells[1].size() - 2), cells[2], cells[3]});
  }
  return out;
}

TEST(AnswersPage, ReadsEachExampleAsItSays) {
  const std::vector<Example> examples = read_examples();
  EXPECT_GT(examples.size(), 20U);
  for (const Example& example : examples) {
    SCOPED_TRACE(std::to_string(example.status) + " " + example.body);
    AttemptEnd end;
    end.committed = true;
    end.reply = read_api_reply(Reply{example.status, {}, example.body}, SystemTime());
    EXPECT_EQ(end.reply->id, example.id);
    EXPECT_EQ(word_of(judge(end, {}).verdict), example.verdict);
  }
}

/// "A failure status" and "no error": each word of the page, and one that is none of them.
TEST(AnswersPage, ListsTheWordsThatTell) {
  const auto judge_body = [](const std::string& body) {
    AttemptEnd end;
    end.committed = true;
    end.reply = read_api_reply(Reply{200, {}, body}, SystemTime());
    return judge(end, {}).verdict;
  };
  for (const char* const word : {"failed", "failure", "fail", "error", "cancelled", "canceled", "FAILED"}) {
    EXPECT_EQ(judge_body(R"({"id":"v","status":")" + std::string(word) + "\"}"), Verdict::refused) << word;
    EXPECT_EQ(judge_body(R"({"id":"v","data":{"status":")" + std::string(word) + "\"}}"), Verdict::refused)
        << word;
  }
  EXPECT_EQ(judge_body(R"({"data":[{"id":"v","status":"failed"}]})"), Verdict::refused);
  EXPECT_EQ(judge_body(R"({"id":"v","status":"rejected"})"), Verdict::accepted);
  for (const char* const word : {"none", "null", "false", "ok", "success", "0", "200", "", "None", "No error",
                                 "N/A", "-", "成功", "操作成功"}) {
    EXPECT_EQ(judge_body(R"({"id":"v","error":")" + std::string(word) + "\"}"), Verdict::accepted) << word;
    EXPECT_EQ(judge_body(R"({"id":"v","error":{"code":")" + std::string(word) + "\",\"message\":\"\"}}"),
              Verdict::accepted)
        << word;
    EXPECT_EQ(judge_body(R"({"data":[{"id":"v"}],"code":")" + std::string(word) + "\"}"), Verdict::accepted)
        << word;
  }
  EXPECT_EQ(judge_body(R"({"id":"v","error":"no"})"), Verdict::refused);
  EXPECT_EQ(judge_body(R"({"id":"v","error":[null]})"), Verdict::accepted);
  for (const char* const code : {"200", "201", "202", "\"200\"", "\"0000\"", "\"ok\"", "\"SUCCESS\""})
    EXPECT_EQ(judge_body(R"({"id":"v","error":{"message":"done","code":)" + std::string(code) + "}}"),
              Verdict::accepted)
        << code;
  EXPECT_EQ(judge_body(R"({"id":"v","error":{"message":"no","code":0}})"), Verdict::refused);
}

}  // namespace
}  // namespace reeld
