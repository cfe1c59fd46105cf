#include "ledger/open_ledger.hpp"

#include <gmock/gmock.h>

#include "ledger/spool_marker.hpp"
#include "ledger/sqlite.hpp"
#include "support/temp_folder.hpp"
#include "sys/file_status.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class OpenLedgerTest : public ::testing::Test {
 protected:
  LedgerPlace place() const {
    LedgerPlace out;
    out.spool_fd = spool_.fd();
    out.spool_path = spool_.path();
    out.state_dir = state_.path();
    return out;
  }

  /// Opens and closes; "" or why not.
  std::string open(const LedgerPlace& where) {
    auto opened = open_ledger(where);
    const auto* const refusal = std::get_if<LedgerRefusal>(&opened);
    return refusal == nullptr ? "" : refusal->reason;
  }
  std::string open() { return open(place()); }

  std::int64_t generation() {
    auto found = find_ledger(place());
    return std::get<LedgerFindings>(found).identity->generation;
  }

  std::string adopt() {
    auto opened = adopt_ledger(place());
    const auto* const refusal = std::get_if<LedgerRefusal>(&opened);
    return refusal == nullptr ? "" : refusal->reason;
  }

  TempFolder spool_;
  TempFolder state_;
};

TEST_F(OpenLedgerTest, TheFirstStartMakesTheTwoForEachOther) {
  EXPECT_EQ(open(), "");
  auto marker = read_marker(spool_.fd(), spool_.path());
  const auto& found = *std::get<std::optional<SpoolMarker>>(marker);
  EXPECT_EQ(found.ledger, (state_ / "ledger.db").string());
  EXPECT_EQ(found.uuid.size(), 36U);
  EXPECT_EQ(found.generation, 1);
  EXPECT_EQ(open(), "");
  EXPECT_EQ(generation(), 2) << "every start is told from every other";
}

TEST_F(OpenLedgerTest, WhatAKilledProcessHasHalfWrittenIsTakenBack) {
  EXPECT_EQ(open(), "");
  const std::string ledger = (state_ / "ledger.db").string();
  {
    // As while it is made, before there is a log: more than the cache holds is written, and not committed.
    Database database(ledger, Database::Access::existing);
    database.run("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE");
    database.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
        "INSERT INTO meta SELECT 'row' || i, hex(zeroblob(500)) FROM n");
    fs::copy_file(ledger, ledger + ".kept");
    fs::copy_file(ledger + "-journal", ledger + ".kept-journal");
  }
  fs::rename(ledger + ".kept", ledger);
  fs::rename(ledger + ".kept-journal", ledger + "-journal");
  EXPECT_EQ(open(), "");
  EXPECT_EQ(generation(), 2);
}

TEST_F(OpenLedgerTest, WithoutAStateFolderTheLedgerLiesInTheSpoolAndMovesWithIt) {
  LedgerPlace where = place();
  where.state_dir.clear();
  EXPECT_EQ(open(where), "");
  EXPECT_TRUE(spool_.holds(".reeld/ledger.db"));
  EXPECT_THAT(spool_.read(".reeld/spool"), HasSubstr("'.reeld/ledger.db'"));
}

TEST_F(OpenLedgerTest, TheMarkerLeadsToTheLedgerWhereNothingElseNamesIt) {
  EXPECT_EQ(open(), "");
  LedgerPlace unnamed = place();
  unnamed.state_dir.clear();
  EXPECT_EQ(open(unnamed), "");
  EXPECT_EQ(generation(), 2);
}

TEST_F(OpenLedgerTest, WhereTheLedgerIsNamedTheMarkersPathIsNotUsed) {
  EXPECT_EQ(open(), "");
  const TempFolder other_state;
  LedgerPlace elsewhere = place();
  elsewhere.state_dir = other_state.path();
  EXPECT_THAT(open(elsewhere), AllOf(HasSubstr("$STATE_DIRECTORY says"), HasSubstr("where there is none")));
  EXPECT_FALSE(other_state.holds("ledger.db"));
}

TEST_F(OpenLedgerTest, ASecondDaemonIsBusy) {
  auto first = open_ledger(place());
  ASSERT_TRUE(std::holds_alternative<OpenLedger>(first));
  auto second = open_ledger(place());
  ASSERT_TRUE(std::holds_alternative<LedgerRefusal>(second));
  EXPECT_TRUE(std::get<LedgerRefusal>(second).is_busy);
}

TEST_F(OpenLedgerTest, AMissingLedgerIsNotMadeAnewWithoutTheOperatorsWord) {
  EXPECT_EQ(open(), "");
  state_.remove("ledger.db");
  EXPECT_THAT(open(), HasSubstr("that ledger is missing"));
  EXPECT_THAT(open(), HasSubstr("reeld adopt"));
  EXPECT_FALSE(state_.holds("ledger.db"));
  EXPECT_EQ(adopt(), "");
  EXPECT_EQ(open(), "");
}

TEST_F(OpenLedgerTest, AnOlderLedgerIsRefusedUntilItIsAdopted) {
  EXPECT_EQ(open(), "");
  fs::copy_file(state_ / "ledger.db", state_ / "backup");
  EXPECT_EQ(open(), "");
  fs::copy_file(state_ / "backup", state_ / "ledger.db", fs::copy_options::overwrite_existing);
  EXPECT_THAT(open(), HasSubstr("older than what the spool has seen"));
  EXPECT_EQ(adopt(), "");
  EXPECT_EQ(open(), "");
  EXPECT_GT(generation(), 2) << "never one that was before";
}

TEST_F(OpenLedgerTest, ASpoolWithoutItsMarkerIsRefused) {
  EXPECT_EQ(open(), "");
  spool_.remove(".reeld");
  EXPECT_THAT(open(), HasSubstr("is the spool not mounted?"));
}

TEST_F(OpenLedgerTest, AnotherSpoolsLedgerIsRefused) {
  EXPECT_EQ(open(), "");
  const TempFolder other_spool;
  LedgerPlace where = place();
  where.spool_fd = other_spool.fd();
  where.spool_path = other_spool.path();
  where.state_dir.clear();
  EXPECT_EQ(open(where), "");
  where.asked_path = (state_ / "ledger.db").string();
  EXPECT_THAT(open(where), HasSubstr("belongs to another spool"));
  where.spool_fd = spool_.fd();
  where.spool_path = spool_.path();
  EXPECT_EQ(open(where), "") << "and it is as it was";
}

TEST_F(OpenLedgerTest, ACopiedSpoolIsRefused) {
  EXPECT_EQ(open(), "");
  const TempFolder copy;
  fs::copy(spool_.path(), copy.path(), fs::copy_options::recursive);
  LedgerPlace where = place();
  where.spool_fd = copy.fd();
  where.spool_path = copy.path();
  EXPECT_THAT(open(where), HasSubstr("was it copied or restored?"));
}

TEST_F(OpenLedgerTest, ASpoolThatIsAFileSystemsRootIsToldFromItsCopyByWhenItWasMade) {
  EXPECT_EQ(open(), "");
  if (read_birth(spool_.fd(), ".reeld") == 0) GTEST_SKIP() << "this file system does not tell";
  const auto on_another_disk = [&](std::int64_t born_later_ns) {
    LedgerStore store((state_ / "ledger.db").string());
    LedgerIdentity identity = store.reader().read_identity();
    ++identity.root.device;
    identity.root.hidden_born_ns -= born_later_ns;
    store.begin();
    store.write_identity(identity);
    store.commit();
  };
  on_another_disk(0);
  EXPECT_EQ(open(), "") << "a reboot";
  on_another_disk(1);
  EXPECT_THAT(open(), HasSubstr("was it copied or restored?"));
  EXPECT_EQ(adopt(), "");
  on_another_disk(0);
  EXPECT_EQ(open(), "") << "what was adopted is known from then on";
}

TEST_F(OpenLedgerTest, ACorruptLedgerIsSetAsideByAPersonsWordAndNeverOverwritten) {
  EXPECT_EQ(open(), "");
  state_.write("ledger.db",
               "this is no database, it is a text that is longer than the header of one would be....");
  const std::string before = state_.read("ledger.db");
  EXPECT_THAT(open(), HasSubstr("is corrupt"));
  EXPECT_THAT(open(), HasSubstr("is corrupt"));
  EXPECT_EQ(state_.read("ledger.db"), before);
  EXPECT_EQ(adopt(), "");
  std::string aside;
  for (const auto& entry : fs::directory_iterator(state_.path())) {
    if (entry.path().filename().string().starts_with("ledger.db.corrupt-"))
      aside = entry.path().filename().string();
  }
  ASSERT_NE(aside, "");
  EXPECT_EQ(state_.read(aside), before);
  EXPECT_EQ(open(), "");
}

TEST_F(OpenLedgerTest, AnAskedForPathThatIsNotTheMarkersIsExplained) {
  EXPECT_EQ(open(), "");
  LedgerPlace where = place();
  where.asked_path = (state_ / "other.db").string();
  EXPECT_THAT(open(where), HasSubstr("and [ledger] path says"));
}

TEST_F(OpenLedgerTest, AMarkerThatIsNoneIsAnError) {
  spool_.make_folder(".reeld");
  spool_.write(".reeld/spool", "uuid = ");
  EXPECT_THAT(open(), HasSubstr(".reeld/spool"));
}

TEST(SpoolMarker, SurvivesBeingWrittenAndRead) {
  const TempFolder spool;
  const SpoolMarker marker{make_uuid(), "/var/lib/\"reeld\"/\\led\nger.db", 41};
  ASSERT_FALSE(write_marker(spool.fd(), spool.path(), marker));
  auto read = read_marker(spool.fd(), spool.path());
  EXPECT_EQ(std::get<std::optional<SpoolMarker>>(read), marker);
  EXPECT_NE(make_uuid(), make_uuid());
  EXPECT_EQ(make_uuid()[14], '4');
}

}  // namespace
}  // namespace reeld
