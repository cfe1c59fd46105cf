#include "commands/unserved_settings.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(UnservedSettings, TheDefaultsAreAllServed) {
  EXPECT_TRUE(list_unserved_settings({}).empty());
}

TEST(UnservedSettings, EachThatIsSetIsALine) {
  Settings settings;
  settings.api.idempotency_header = "Idempotency-Key";
  settings.submit.on_doubt = OnDoubt::retry;
  settings.follow.enabled = true;
  settings.log.format = LogFormat::journal;
  settings.metrics.listen = "127.0.0.1:9465";
  settings.ledger.path = "/srv/ledger.db";
  const std::string end = " has no effect in this version of reeld (0.1.0)";
  const std::vector<std::string> expected{"api.idempotency_header" + end, "submit.on_doubt = \"retry\"" + end,
                                          "follow.enabled" + end,         "log.format = \"journal\"" + end,
                                          "metrics.listen" + end,         "[ledger]" + end};
  EXPECT_EQ(list_unserved_settings(settings), expected);
}

TEST(UnservedSettings, ADailyLimitIsKeptOnlyFromTheStart) {
  Settings settings;
  settings.submit.per_day = 1;
  ASSERT_EQ(list_unserved_settings(settings).size(), 1U);
  EXPECT_EQ(list_unserved_settings(settings)[0].find("submit.per_day is counted from the start"), 0U);
}

}  // namespace
}  // namespace reeld
