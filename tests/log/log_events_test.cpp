// The events in docs/log-events.md, in docs/log-event.schema.json and in the code are the same, with the same
// levels and fields. That the program's own lines are so, tests/e2e holds every line of every daemon to.
#include "log/log_events.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "core/known_job.hpp"
#include "core/verdict_word.hpp"
#include "scheduler/lane.hpp"

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
    const std::size_t first = begin + before.size();
    const std::string name = line.substr(first, line.find(after, first) - first);
    if (name.find('.') != std::string::npos) out.insert(name);
  }
  return out;
}

const std::string root = REELD_SOURCE_DIR;

boost::json::value read_schema() {
  std::ifstream file(root + "/docs/log-event.schema.json");
  EXPECT_TRUE(file);
  return boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::set<std::string> to_set(const boost::json::value& list) {
  std::set<std::string> out;
  for (const auto& word : list.as_array()) out.insert(std::string(word.as_string()));
  return out;
}

std::set<std::string> find_words(const std::string& text, const char* pattern) {
  const std::regex word(pattern);
  std::set<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), word), end; it != end; ++it) out.insert(it->str(1));
  return out;
}

struct Shape {
  std::set<std::string> levels;
  std::set<std::string> fields;
  bool operator==(const Shape&) const = default;
};

void PrintTo(const Shape& shape, std::ostream* out) {
  *out << testing::PrintToString(shape.levels) << testing::PrintToString(shape.fields);
}

/// Of the document's table: | `event` | level | when | fields |
std::map<std::string, Shape> read_document() {
  std::ifstream file(root + "/docs/log-events.md");
  const std::regex row(R"(\| `([a-z_]+\.[a-z_]+)` \| (.*) \| (.*) \| (.*) \|)");
  std::map<std::string, Shape> out;
  for (std::string line; std::getline(file, line);) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row)) continue;
    out[cells[1]] = {find_words(cells[2], R"(\b(debug|info|warning|error)(?=$|;| when| of| for))"),
                     find_words(cells[4], "`([a-z_]+)`")};
  }
  return out;
}

std::map<std::string, Shape> read_shapes() {
  const auto schema = read_schema();
  std::map<std::string, Shape> out;
  for (const auto& [name, event] : schema.at("$defs").as_object()) {
    if (name.find('.') == std::string_view::npos) continue;
    Shape& shape = out[std::string(name)];
    shape.levels = to_set(event.at("properties").at("level").at("enum"));
    for (const auto& [field, type] : event.at("properties").as_object())
      shape.fields.insert(std::string(field));
    for (const char* const common : {"ts", "level", "event", "msg"})
      EXPECT_EQ(shape.fields.erase(common), 1U);
    EXPECT_FALSE(event.at("additionalProperties").as_bool()) << name;
  }
  return out;
}

TEST(LogEvents, TheDocumentListsEveryEventOfTheCodeAndNoOther) {
  const auto documented = find_all(root + "/docs/log-events.md", "| `", "`");
  const auto coded = find_all(root + "/daemon/log/log_events.hpp", "= \"", "\"");
  EXPECT_GT(coded.size(), 20U);
  EXPECT_EQ(documented, coded);
}

TEST(LogEvents, TheSchemaHasEveryEventOfTheCodeAndNoOther) {
  const auto coded = find_all(root + "/daemon/log/log_events.hpp", "= \"", "\"");
  const auto schema = read_schema();
  EXPECT_EQ(to_set(schema.at("properties").at("event").at("enum")), coded);
  std::set<std::string> chosen;
  for (const auto& choice : schema.at("allOf").as_array()) {
    const std::string name(choice.at("if").at("properties").at("event").at("const").as_string());
    EXPECT_EQ(choice.at("then").at("$ref").as_string(), "#/$defs/" + name);
    chosen.insert(name);
  }
  EXPECT_EQ(chosen, coded);
}

TEST(LogEvents, DocumentAndSchemaHaveTheSameLevelsAndFields) {
  const auto documented = read_document();
  const auto shapes = read_shapes();
  EXPECT_EQ(documented.size(), shapes.size());
  for (const auto& [name, shape] : shapes) {
    const auto found = documented.find(name);
    ASSERT_NE(found, documented.end()) << name;
    EXPECT_EQ(found->second, shape) << name;
  }
}

/// What the contract with those who read the log names.
TEST(LogEvents, WhatWasPromisedIsThere) {
  const auto shapes = read_shapes();
  for (const char* const field :
       {"job", "attempt", "verdict", "http_status", "id", "request_id", "bytes", "queued_ms", "connect_ms",
        "upload_ms", "ack_ms", "commit_ms", "answer_ms", "reason"})
    EXPECT_TRUE(shapes.at("attempt.ended").fields.contains(field)) << field;
  for (const char* const field : {"in_flight", "in_doubt"})
    EXPECT_TRUE(shapes.at("daemon.stopped").fields.contains(field)) << field;
}

TEST(LogEvents, TheSchemasWordsAreTheCodes) {
  const auto defs = read_schema().at("$defs");
  std::set<std::string> verdicts;
  for (const Verdict verdict : {Verdict::accepted, Verdict::refused, Verdict::throttled, Verdict::account,
                                Verdict::unsent, Verdict::doubt})
    verdicts.insert(std::string(word_of(verdict)));
  EXPECT_EQ(to_set(defs.at("verdict").at("enum")), verdicts);
  std::set<std::string> states;
  for (const LedgerState state : {LedgerState::intended, LedgerState::unsent, LedgerState::refused,
                                  LedgerState::accepted, LedgerState::doubt, LedgerState::reopened})
    states.insert(std::string(word_of(state)));
  EXPECT_EQ(to_set(defs.at("state").at("enum")), states);
  std::set<std::string> pauses{std::string(word_of(BlockReason::per_day))};
  for (const Pause pause : {Pause::unsent, Pause::throttled, Pause::refused, Pause::account, Pause::doubt})
    pauses.insert(std::string(word_of(pause)));
  EXPECT_EQ(to_set(defs.at("pause").at("enum")), pauses);
}

}  // namespace
}  // namespace reeld
