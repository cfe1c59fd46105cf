#include "metrics/metrics.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <sstream>

namespace reeld {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

MetricsView make_view() {
  MetricsView view;
  view.ledger = LedgerNumbers{3, 2};
  return view;
}

ExchangeEnd make_end(bool is_committed) {
  ExchangeEnd end;
  end.committed = is_committed;
  end.body_bytes_sent = 900;
  end.bytes_sent = 1000;
  end.times = {milliseconds(2), milliseconds(30), milliseconds(1), milliseconds(4), milliseconds(7000)};
  if (is_committed) end.reply.emplace();
  return end;
}

/// Name to type, of every family on the page.
std::map<std::string, std::string> list_types(const std::string& page) {
  std::map<std::string, std::string> out;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash, what, name, type;
    words >> hash >> what >> name >> type;
    if (hash == "#" && what == "TYPE") out[name] = type;
  }
  return out;
}

/// The same of the document's table: | `name` | type | ...
std::map<std::string, std::string> list_documented(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::map<std::string, std::string> out;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    const std::size_t end = line.find("` | ", 3);
    const std::size_t type = end + 4;
    out[line.substr(3, end - 3)] = line.substr(type, line.find(' ', type) - type);
  }
  return out;
}

TEST(Metrics, TheDocumentListsEachWithItsTypeAndNoOther) {
  const auto documented = list_documented(std::string(REELD_SOURCE_DIR) + "/docs/metrics.md");
  EXPECT_GT(documented.size(), 20U);
  EXPECT_EQ(documented, list_types(Metrics().write(make_view())));
}

TEST(Metrics, EveryLabelIsThereBeforeAnythingHasHappened) {
  const std::string page = Metrics().write(make_view());
  for (const char* const line :
       {"reeld_attempts_total{verdict=\"doubt\"} 0\n", "reeld_jobs_total{verdict=\"refused\"} 0\n",
        "reeld_pairs_waiting{reason=\"throttled\"} 0\n", "reeld_lane_paused{pause=\"account\"} 0\n",
        "reeld_stage_seconds_count{stage=\"answer\"} 0\n", "reeld_last_accepted_timestamp_seconds 0\n",
        "reeld_build_info{version=\"" REELD_VERSION "\"} 1\n"})
    EXPECT_THAT(page, HasSubstr(line));
  EXPECT_THAT(page, Not(HasSubstr("not_running"))) << "a daemon that answers runs";
}

TEST(Metrics, AnAttemptIsCountedInEveryStageThatItPassed) {
  Metrics metrics;
  metrics.count_attempt(Verdict::accepted, milliseconds(1500), make_end(true));
  const std::string page = metrics.write(make_view());
  for (const char* const line :
       {"reeld_attempts_total{verdict=\"accepted\"} 1\n", "reeld_sent_bytes_total 1000\n",
        "reeld_stage_seconds_sum{stage=\"queued\"} 1.5\n", "reeld_stage_seconds_count{stage=\"connect\"} 1\n",
        "reeld_stage_seconds_bucket{stage=\"upload\",le=\"0.025\"} 0\n",
        "reeld_stage_seconds_bucket{stage=\"upload\",le=\"0.05\"} 1\n",
        "reeld_stage_seconds_count{stage=\"commit\"} 1\n", "reeld_stage_seconds_sum{stage=\"answer\"} 7\n"})
    EXPECT_THAT(page, HasSubstr(line));
  EXPECT_THAT(page, Not(HasSubstr("reeld_last_accepted_timestamp_seconds 0\n")));
}

TEST(Metrics, AStageThatWasNotPassedIsNotMeasured) {
  Metrics metrics;
  metrics.count_attempt(Verdict::unsent, milliseconds(0), make_end(false));
  ExchangeEnd unanswered = make_end(true);
  unanswered.reply.reset();
  unanswered.reused_connection = true;
  metrics.count_attempt(Verdict::doubt, milliseconds(0), unanswered);
  const std::string page = metrics.write(make_view());
  for (const char* const line :
       {"reeld_stage_seconds_count{stage=\"queued\"} 2\n", "reeld_stage_seconds_count{stage=\"connect\"} 1\n",
        "reeld_stage_seconds_count{stage=\"upload\"} 1\n", "reeld_stage_seconds_count{stage=\"commit\"} 1\n",
        "reeld_stage_seconds_count{stage=\"answer\"} 0\n", "reeld_last_accepted_timestamp_seconds 0\n"})
    EXPECT_THAT(page, HasSubstr(line));
}

TEST(Metrics, WhatIsReadIsWrittenAsItIs) {
  MetricsView view = make_view();
  count_of(view.waiting, WaitReason::account) = 7;
  view.accepted = 5;
  view.in_flight = 4;
  view.pause = Pause::account;
  view.is_held = true;
  view.day_spent = 9;
  view.day_cap = 10;
  view.is_ledger_well = false;
  const std::string page = Metrics().write(view);
  for (const char* const line :
       {"reeld_pairs_waiting{reason=\"account\"} 7\n", "reeld_jobs_total{verdict=\"accepted\"} 5\n",
        "reeld_requests_in_flight 4\n", "reeld_lane_paused{pause=\"account\"} 1\n",
        "reeld_lane_paused{pause=\"doubt\"} 0\n", "reeld_lane_held 1\n", "reeld_day_spent 9\n",
        "reeld_day_cap 10\n", "reeld_ledger_well 0\n", "reeld_jobs_in_doubt 3\n",
        "reeld_results_unpublished 2\n"})
    EXPECT_THAT(page, HasSubstr(line));
}

TEST(Metrics, WhatALedgerThatCannotBeReadHoldsIsNotGuessed) {
  const std::string page = Metrics().write(MetricsView{});
  EXPECT_THAT(page, Not(HasSubstr("reeld_jobs_in_doubt")));
  EXPECT_THAT(page, HasSubstr("reeld_ledger_well 1\n"));
}

}  // namespace
}  // namespace reeld
