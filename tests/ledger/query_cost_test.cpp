// What the ledger's everyday questions cost: they find by an index, however many jobs there are.

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "ledger/ledger_reader.hpp"
#include "ledger/store_fixture.hpp"

namespace reeld {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

sqlite3* last_opened = nullptr;

int note_opened(sqlite3* database, char**, const sqlite3_api_routines*) {
  last_opened = database;
  return SQLITE_OK;
}

class QueryCost : public LedgerStoreTest {
 protected:
  QueryCost() {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&note_opened));
    open();
    writer_ = last_opened;
    database_ = std::make_unique<Database>(path(), Database::Access::read_only);
    reader_ = last_opened;
  }
  ~QueryCost() override { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&note_opened)); }

  /// What SQLite says about how it carries out each statement that is prepared there.
  static void expect_no_scan(sqlite3* database) {
    int statements = 0;
    std::vector<std::string> texts;
    for (auto* each = sqlite3_next_stmt(database, nullptr); each != nullptr;
         each = sqlite3_next_stmt(database, each))
      texts.emplace_back(sqlite3_sql(each));
    for (const std::string& text : texts) {
      sqlite3_stmt* plan = nullptr;
      ASSERT_EQ(sqlite3_prepare_v2(database, ("EXPLAIN QUERY PLAN " + text).c_str(), -1, &plan, nullptr), 0);
      while (sqlite3_step(plan) == SQLITE_ROW) {
        const std::string step = reinterpret_cast<const char*>(sqlite3_column_text(plan, 3));
        EXPECT_THAT(step, Not(HasSubstr("SCAN "))) << text;
      }
      sqlite3_finalize(plan);
      ++statements;
    }
    EXPECT_GT(statements, 5);
  }

  /// Prompts of other contents that share one image by hard links, all in one folder.
  void add_linked(int count) {
    for (; added_ < count; ++added_) {
      IntentRecord intent =
          make_intent("take" + std::to_string(added_), 1000 + 2 * static_cast<std::uint64_t>(added_));
      intent.pair.image = {1, 7, 20, 200, 1000, 1001};
      intent.digests.image = ContentDigest{2, 7};
      add(intent);
      end(intent, Verdict::accepted, "{\"id\":\"video\"}");
    }
  }

  /// SQLite's own steps for all that is asked about a pair with that image which is new.
  int count_steps() {
    LedgerReader reader(*database_);
    FoundPair pair;
    pair.name = {"a", "new"};
    pair.stamps = make_intent("new", 999'999).pair;
    pair.stamps.image = {1, 7, 20, 200, 1000, 1001};
    pair.digests = {ContentDigest{1, 999'999}, ContentDigest{2, 7}};
    int steps = 0;
    sqlite3_progress_handler(
        reader_, 1, [](void* counter) { return ++*static_cast<int*>(counter), 0; }, &steps);
    reader.find(pair);
    EXPECT_FALSE(reader.has_prompt(*pair.digests.prompt, pair.stamps));
    sqlite3_progress_handler(reader_, 0, nullptr, nullptr);
    EXPECT_GT(steps, 0);
    return steps;
  }

  std::unique_ptr<Database> database_;
  sqlite3* writer_ = nullptr;
  sqlite3* reader_ = nullptr;
  int added_ = 0;
};

TEST_F(QueryCost, NoEverydayStatementReadsAWholeTable) {
  expect_no_scan(writer_);
  const LedgerReader reader(*database_);
  expect_no_scan(reader_);
}

TEST_F(QueryCost, AnImageThatIsLinkedUnderManyPromptsCostsNoMore) {
  add_linked(10);
  const int few = count_steps();
  add_linked(300);
  EXPECT_LE(count_steps(), few + few / 4);
}

}  // namespace
}  // namespace reeld
