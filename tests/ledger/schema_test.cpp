#include "ledger/schema.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <array>

#include "ledger/ledger_copy.hpp"
#include "ledger/ledger_store.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using ::testing::HasSubstr;

constexpr std::array first_steps{"CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT)"};
constexpr std::array both_steps{first_steps[0], "ALTER TABLE jobs ADD COLUMN digest BLOB"};
constexpr std::array bad_steps{first_steps[0],
                               "ALTER TABLE jobs ADD COLUMN digest BLOB; CREATE TABLE jobs (id)"};

class SchemaTest : public ::testing::Test {
 protected:
  std::string path() const { return (folder_ / "ledger.db").string(); }

  /// A ledger of the first step, with a job in it, in use by WAL as reeld has it.
  void make_first() {
    Database database(path(), Database::Access::read_write);
    migrate(database, first_steps, nullptr);
    database.run("PRAGMA journal_mode = WAL");
    database.run("INSERT INTO jobs (name) VALUES ('a/s')");
  }

  std::vector<std::string> copies() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (entry.path().filename().string().starts_with("ledger.db.v")) out.push_back(entry.path().string());
    }
    return out;
  }

  TempFolder folder_;
};

::mode_t mode_of(const std::string& path) {
  struct ::stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

TEST_F(SchemaTest, AUsedLedgerIsCopiedWholeBeforeItsTablesChange) {
  make_first();
  Database database(path(), Database::Access::existing);
  database.run("INSERT INTO jobs (name) VALUES ('in the log beside it')");
  migrate(database, both_steps, copy_before_migration);
  EXPECT_EQ(database.read_number("PRAGMA user_version"), 2);
  EXPECT_EQ(database.read_number("SELECT count(digest IS NULL) FROM jobs"), 2);
  const auto made = copies();
  ASSERT_EQ(made.size(), 1U);
  EXPECT_THAT(made[0], HasSubstr("ledger.db.v1-2"));
  EXPECT_EQ(mode_of(made[0]), 0600U);
  Database copy(made[0], Database::Access::read_only);
  EXPECT_EQ(copy.read_number("PRAGMA user_version"), 1);
  EXPECT_EQ(copy.read_number("SELECT count(*) FROM jobs"), 2);
  EXPECT_EQ(copy.read_number("SELECT count(*) FROM pragma_table_info('jobs')"), 2);
}

TEST_F(SchemaTest, ANewLedgerAndOneOfTodayAreNotCopied) {
  make_first();
  Database database(path(), Database::Access::existing);
  migrate(database, first_steps, copy_before_migration);
  EXPECT_TRUE(copies().empty());
}

TEST_F(SchemaTest, AMigrationThatFailsLeavesTheLedgerAsItWas) {
  make_first();
  Database database(path(), Database::Access::existing);
  EXPECT_THROW(migrate(database, bad_steps, copy_before_migration), SqliteError);
  EXPECT_EQ(database.read_number("PRAGMA user_version"), 1);
  EXPECT_EQ(database.read_number("SELECT count(*) FROM pragma_table_info('jobs')"), 2);
  migrate(database, both_steps, nullptr);
  EXPECT_EQ(database.read_number("PRAGMA user_version"), 2);
}

TEST_F(SchemaTest, WhereNoCopyCanBeMadeNothingIsMigrated) {
  make_first();
  Database database(path(), Database::Access::existing);
  const auto fail = [](Database&, int) { throw SqliteError("no room", SQLITE_FULL); };
  EXPECT_THROW(migrate(database, both_steps, fail), SqliteError);
  EXPECT_EQ(database.read_number("PRAGMA user_version"), 1);
}

TEST_F(SchemaTest, LedgersAreMarkedAsSuchAndOlderOnesAreTakenOver) {
  LedgerStore{path()};
  Database database(path(), Database::Access::existing);
  EXPECT_EQ(database.read_number("PRAGMA application_id"), ledger_application_id);
  database.run("PRAGMA application_id = 0");
  migrate(database);
  EXPECT_EQ(database.read_number("PRAGMA application_id"), ledger_application_id);
  EXPECT_TRUE(copies().empty());
}

TEST_F(SchemaTest, AHeaderAndTablesAreInTheFileItselfFromTheFirst) {
  const LedgerStore store(path());
  Database database(path(), Database::Access::untouched);
  EXPECT_EQ(database.read_number("PRAGMA application_id"), ledger_application_id);
  EXPECT_TRUE(has_ledger_schema(database));
}

TEST_F(SchemaTest, OnlyALedgersTablesAreALedger) {
  LedgerStore{path()};
  Database database(path(), Database::Access::existing);
  EXPECT_TRUE(has_ledger_schema(database));
  for (const char* const more : {"CREATE TABLE other (id)", "CREATE VIEW other AS SELECT 1",
                                 "CREATE TRIGGER other AFTER INSERT ON jobs BEGIN DELETE FROM jobs; END",
                                 "ALTER TABLE jobs ADD COLUMN other TEXT", "DROP INDEX jobs_owed"}) {
    database.run("BEGIN");
    database.run(more);
    EXPECT_FALSE(has_ledger_schema(database)) << more;
    database.run("ROLLBACK");
  }
  Database other((folder_ / "other.db").string(), Database::Access::read_write);
  EXPECT_FALSE(has_ledger_schema(other));
  other.run("CREATE TABLE bookmarks (url TEXT)");
  other.run("PRAGMA user_version = 1");
  EXPECT_FALSE(has_ledger_schema(other));
}

TEST(Sqlite, AFileIsMadeForItsOwnerAloneWhateverTheUmask) {
  const TempFolder folder;
  const ::mode_t umask_before = ::umask(0);
  LedgerStore store((folder / "ledger.db").string());
  store.set_held(true);
  ::umask(umask_before);
  for (const char* const name : {"ledger.db", "ledger.db-wal", "ledger.db-shm"})
    EXPECT_EQ(mode_of((folder / name).string()), 0600U) << name;
}

TEST(Sqlite, ALinkIsNotOpened) {
  const TempFolder folder;
  Database((folder / "real.db").string(), Database::Access::read_write).run("CREATE TABLE t (x)");
  std::filesystem::create_symlink("real.db", folder / "ledger.db");
  for (const auto access : {Database::Access::read_write, Database::Access::existing,
                            Database::Access::read_only, Database::Access::untouched})
    EXPECT_THROW(Database((folder / "ledger.db").string(), access), SqliteError);
}

TEST(Sqlite, AFileThatWasReplacedSinceItWasOpenedIsNotInPlace) {
  const TempFolder folder;
  Database database((folder / "ledger.db").string(), Database::Access::read_write);
  database.run("CREATE TABLE t (x)");
  EXPECT_TRUE(database.is_in_place());
  folder.rename("ledger.db", "old.db");
  folder.write("ledger.db", "another");
  EXPECT_FALSE(database.is_in_place());
}

}  // namespace
}  // namespace reeld
