#include "service/live_status.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>

namespace reeld {
namespace {

namespace json = boost::json;

TEST(LiveStatus, IsOneLineOfJson) {
  LiveStatus status;
  status.is_held = true;
  status.limit = 4;
  status.concurrency = 16;
  status.per_day = 100;
  status.pause_note.reason = "no credit";
  status.waits.add(WaitReason::half, milliseconds(59'000));
  status.pause = Pause::account;
  status.paused_for = milliseconds(1500);
  status.block_reason = BlockReason::pause;
  status.counts.waiting = 7;
  status.counts.in_flight = 2;
  status.counts.accepted = 3;
  status.awaiting = 1;
  status.intake.half = 5;
  const std::string text = write_live_status(status);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const json::value live = json::parse(text);
  EXPECT_EQ(live.at("pid").as_int64(), ::getpid());
  EXPECT_TRUE(live.at("held").as_bool());
  EXPECT_EQ(live.at("lane"), (json::value{{"limit", 4U},
                                          {"concurrency", 16U},
                                          {"per_day", 100U},
                                          {"in_flight", 2U},
                                          {"pause", "account"},
                                          {"paused_for_ms", 1500},
                                          {"paused_since", "1970-01-01T00:00:00.000Z"},
                                          {"pause_reason", "no credit"},
                                          {"hindrance", "pause"}}));
  EXPECT_EQ(live.at("waiting"), 7U);
  EXPECT_EQ(live.at("awaiting"), 1U);
  EXPECT_EQ(live.at("intake").at("half"), 5U);
  EXPECT_EQ(live.at("since_start").at("accepted"), 3U);
  EXPECT_EQ(live.at("waits").at("ages_s"), (json::array{10, 60, 300, 900, 3600, 21600, 86400}));
  EXPECT_EQ(live.at("waits").at("by_reason"), (json::value{{"half", {0U, 1U, 0U, 0U, 0U, 0U, 0U, 0U}}}));
  EXPECT_TRUE(live.at("last_error").is_null());
  EXPECT_TRUE(live.at("last_errors").as_array().empty());
}

TEST(LiveStatus, ALaneThatIsNotPausedHasNoReason) {
  LiveStatus status;
  status.pause_note.reason = "of a pause that is over";
  const json::value live = json::parse(write_live_status(status));
  EXPECT_TRUE(live.at("lane").at("pause_reason").is_null());
  EXPECT_TRUE(live.at("lane").at("paused_since").is_null());
}

TEST(LiveStatus, IsALineForPeople) {
  LiveStatus status;
  status.limit = 16;
  EXPECT_EQ(describe_in_a_line(status),
            "idle; 0 waiting, 0 in flight (limit 16); since the start: 0 accepted, 0 refused, 0 in doubt");
  status.counts = {42, 3, 1, 7, 2, 5};
  EXPECT_EQ(
      describe_in_a_line(status),
      "sending; 7 waiting, 2 in flight (limit 16), 5 results unwritten; since the start: 42 accepted, 3 "
      "refused, 1 in doubt");
}

TEST(LiveStatus, SaysFirstWhatKeepsItFromSending) {
  const auto begin = [](const LiveStatus& status) {
    const std::string line = describe_in_a_line(status);
    return line.substr(0, line.find(';'));
  };
  LiveStatus status;
  status.block_reason = BlockReason::per_day;
  EXPECT_EQ(begin(status), "per_day is reached");
  status.pause = Pause::account;
  EXPECT_EQ(begin(status), "paused (account)");
  status.is_held = true;
  EXPECT_EQ(begin(status), "held");
  status.is_ledger_well = false;
  EXPECT_EQ(begin(status), "nothing is sent: the ledger cannot be written");
  status.is_stopping = true;
  status.awaiting = 3;
  EXPECT_EQ(begin(status), "stopping, answers awaited: 3");
}

TEST(LiveStatus, TellsTheLastError) {
  LiveStatus status;
  status.errors.push_back({SystemTime{}, "job.doubt", "no reply", "a/b"});
  status.errors.push_back({SystemTime{}, "lane.paused", "no credit \xff"});
  const json::value live = json::parse(write_live_status(status));
  EXPECT_EQ(live.at("last_error"), (json::value{{"ts", "1970-01-01T00:00:00.000Z"},
                                                {"event", "lane.paused"},
                                                {"job", nullptr},
                                                {"reason", "no credit \xef\xbf\xbd"}}));
  ASSERT_EQ(live.at("last_errors").as_array().size(), 2U);
  EXPECT_EQ(live.at("last_errors").at(0), live.at("last_error")) << "newest first";
  EXPECT_EQ(live.at("last_errors").at(1).at("job"), "a/b");
}

TEST(EventLogErrors, AreKeptWithTheirReasonsAndOnlyTheLatestOfThatLevel) {
  EventLog log{LogSettings{}};
  log.warning("lane.paused", "a warning");
  EXPECT_TRUE(log.recent_errors().empty());
  log.error("job.doubt", "in doubt", {{"job", "a"}, {"reason", "no reply"}});
  ASSERT_EQ(log.recent_errors().size(), 1U);
  EXPECT_EQ(log.recent_errors().back().event, "job.doubt");
  EXPECT_EQ(log.recent_errors().back().reason, "no reply");
  EXPECT_EQ(log.recent_errors().back().job, "a");
  for (int i = 0; i < 10; ++i) log.error("daemon.failed", "fault " + std::to_string(i));
  EXPECT_EQ(log.recent_errors().size(), 8U);
  EXPECT_EQ(log.recent_errors().front().reason, "fault 2");
  EXPECT_EQ(log.recent_errors().back().reason, "fault 9");
}

}  // namespace
}  // namespace reeld
