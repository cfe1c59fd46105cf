#include "commands/list/listed_pair.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

const SystemTime now = SystemTime(std::chrono::hours(1000));

ListedPair make_pair() {
  ListedPair pair;
  pair.name = {"film", "scene"};
  pair.state = pair_state::accepted;
  pair.since = now - std::chrono::minutes(3);
  pair.id = "video_1";
  pair.attempts = 2;
  pair.files = {"scene.txt", "SCENE.PNG", "scene.job.json"};
  return pair;
}

TEST(ListedPair, IsALineForPeople) {
  EXPECT_EQ(write_table_head(), "STATE         AGE  TRIES  PAIR\n");
  EXPECT_EQ(write_table_line(make_pair(), now),
            "accepted    3 min      2  film/scene (txt SCENE.PNG job.json): video_1\n");
}

TEST(ListedPair, SaysWhyItWaits) {
  ListedPair pair = make_pair();
  pair.state = pair_state::waiting;
  pair.wait = WaitReason::half;
  pair.files = {"scene.txt"};
  EXPECT_EQ(write_table_line(pair, now),
            "waiting     3 min      2  film/scene (txt): one file without the other\n");
}

TEST(ListedPair, ARefusalTellsItsReasonOnOneLine) {
  ListedPair pair = make_pair();
  pair.state = pair_state::refused;
  pair.reason = "HTTP 400: no \x1b[31m\nprompt";
  pair.files.clear();
  EXPECT_EQ(write_table_line(pair, now),
            "refused     3 min      2  film/scene (no files): HTTP 400: no \\x1b[31m\\nprompt\n");
}

TEST(ListedPair, IsAnObjectOfJson) {
  ListedPair pair = make_pair();
  pair.http_status = 200;
  EXPECT_EQ(write_json_line(pair, "/spool", now),
            R"({"job":"film/scene","path":"/spool/film/scene","state":"accepted","wait":null,"reason":null,)"
            R"("since":"1970-02-11T15:57:00.000Z","age_s":180,"id":"video_1","request_id":null,)"
            R"("http_status":200,"attempts":2,"files":["scene.txt","SCENE.PNG","scene.job.json"]})"
            "\n");
}

TEST(ListedPair, AClockThatWasSetBackMakesNoAgeBelowZero) {
  EXPECT_NE(write_json_line(make_pair(), "/spool", now - std::chrono::hours(1)).find("\"age_s\":0,"),
            std::string::npos);
}

TEST(ListedPair, OfAJobWithoutAnythingToShowForItThereIsNoState) {
  EXPECT_EQ(state_of(LedgerState::intended), pair_state::sending);
  EXPECT_EQ(state_of(LedgerState::unsent), std::nullopt);
  EXPECT_EQ(state_of(LedgerState::reopened), std::nullopt);
}

}  // namespace
}  // namespace reeld
