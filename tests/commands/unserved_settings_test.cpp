#include "commands/unserved_settings.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(UnservedSettings, TheDefaultsAreAllServed) {
  EXPECT_TRUE(list_unserved_settings({}).empty());
}

TEST(UnservedSettings, EachThatIsSetIsALine) {
  Settings settings;
  settings.follow.enabled = true;
  const std::string end = " has no effect in this version of reeld (0.1.0)";
  settings.page.listen = "127.0.0.1:9466";
  settings.hooks.on = {"accepted"};
  const std::vector<std::string> expected{"follow.enabled" + end, "page.listen" + end, "[hooks]" + end};
  EXPECT_EQ(list_unserved_settings(settings), expected);
}

TEST(UnservedSettings, TheJournalIsServed) {
  Settings settings;
  settings.log.format = LogFormat::journal;
  EXPECT_TRUE(list_unserved_settings(settings).empty());
}

TEST(UnservedSettings, WhatTheLedgerServesIsNone) {
  Settings settings;
  settings.api.idempotency_header = "Idempotency-Key";
  settings.submit.scheduler.repeats_doubts = true;
  settings.submit.lane.per_day = 1;
  settings.ledger.path = "/srv/ledger.db";
  settings.ledger.keep = std::chrono::hours(1);
  EXPECT_TRUE(list_unserved_settings(settings).empty());
}

}  // namespace
}  // namespace reeld
