#include "ledger/sqlite.hpp"

#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  TempFolder folder_;
  Database database_{(folder_ / "ledger.db").string(), Database::Access::read_write};
};

TEST_F(DatabaseTest, ItsSchemaCannotBeWrittenOver) {
  database_.run("CREATE TABLE t (a)");
  database_.run("PRAGMA writable_schema = ON");
  EXPECT_THROW(database_.run("UPDATE sqlite_schema SET sql = 'CREATE TABLE t (b)'"), SqliteError);
}

TEST_F(DatabaseTest, AViewIsNotFollowed) {
  database_.run("CREATE TABLE t (a)");
  database_.run("CREATE VIEW v AS SELECT a FROM t");
  EXPECT_THROW(database_.run("SELECT a FROM v"), SqliteError);
}

TEST_F(DatabaseTest, NoLibraryIsLoadedForIt) {
  EXPECT_THROW(database_.run("SELECT load_extension('nothing')"), SqliteError);
}

TEST_F(DatabaseTest, ItIsNotMappedIntoMemory) {
  EXPECT_EQ(database_.read_number("PRAGMA mmap_size"), 0);
}

}  // namespace
}  // namespace reeld
