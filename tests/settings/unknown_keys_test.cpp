#include "settings/unknown_keys.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

const KnownKeys known{"api.key_file", "api.url",    "log.level",          "spool.path",
                      "spool.settle", "spool.poll", "submit.concurrency", "verdict[0].code"};

TEST(ExplainUnknownKey, SuggestsTheNearestOfItsTable) {
  EXPECT_EQ(explain_unknown_key("spool.setle", false, known), "unknown key; did you mean \"settle\"?");
  EXPECT_EQ(explain_unknown_key("verdict[0].cod", false, known), "unknown key; did you mean \"code\"?");
}

TEST(ExplainUnknownKey, KnowsAKeyUnderTheWrongHeading) {
  EXPECT_EQ(explain_unknown_key("api.concurrency", false, known),
            "unknown key; did you mean \"submit.concurrency\"?");
  EXPECT_EQ(explain_unknown_key("settle", false, known), "unknown key; did you mean \"spool.settle\"?");
}

TEST(ExplainUnknownKey, SuggestsTables) {
  EXPECT_EQ(explain_unknown_key("spol", true, known), "unknown table; did you mean \"spool\"?");
  EXPECT_EQ(explain_unknown_key("verdicts", true, known), "unknown table; did you mean \"verdict\"?");
  EXPECT_EQ(explain_unknown_key("pool.deep", true, known), "unknown table; remove it");
}

TEST(ExplainUnknownKey, DoesNotGuessWildly) {
  EXPECT_EQ(explain_unknown_key("spool.colour", false, known), "unknown key; remove it");
}

TEST(ExplainUnknownKey, SaysWhereApiKeysGo) {
  const std::string where =
      "the API key never goes into this file; write it to a file of its own and name that as api.key_file, "
      "or provide "
      "the systemd credential \"api-key\", or set REELD_API_KEY";
  for (const char* path : {"api.key", "api.api_key", "api.token", "api_key", "token"}) {
    EXPECT_EQ(explain_unknown_key(path, false, known), where) << path;
  }
  EXPECT_EQ(explain_unknown_key("spool.key", false, known), "unknown key; remove it");
}

TEST(KnownTables, AreThoseWithKnownKeys) {
  EXPECT_TRUE(is_known_table("spool", known));
  EXPECT_TRUE(is_known_table("verdict", known));
  EXPECT_FALSE(is_known_table("spoo", known));
  EXPECT_FALSE(is_known_table("spool.path", known));
}

TEST(DropIndexes, LeavesWhatPeopleWrote) {
  EXPECT_EQ(drop_indexes("verdict[12].code"), "verdict.code");
  EXPECT_EQ(drop_indexes("spool.path"), "spool.path");
}

}  // namespace
}  // namespace reeld
