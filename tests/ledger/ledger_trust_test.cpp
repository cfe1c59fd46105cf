// What a member of the spool's group may have put there, and what a file at the ledger's path may be: nothing
// of it is changed.

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "ledger/open_ledger.hpp"
#include "ledger/schema.hpp"
#include "ledger/spool_marker.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class LedgerTrust : public ::testing::Test {
 protected:
  LedgerPlace place() const {
    LedgerPlace out;
    out.spool_fd = spool_.fd();
    out.spool_path = spool_.path();
    return out;
  }
  LedgerPlace named(const std::string& path) const {
    LedgerPlace out = place();
    out.asked_path = path;
    return out;
  }

  std::string open(const LedgerPlace& where) {
    auto opened = open_ledger(where);
    const auto* const refusal = std::get_if<LedgerRefusal>(&opened);
    return refusal == nullptr ? "" : refusal->reason;
  }

  void mark(const std::string& ledger) {
    ASSERT_FALSE(write_marker(spool_.fd(), spool_.path(), {make_uuid(), ledger, 1}));
  }

  /// Of another program.
  std::string make_bookmarks() {
    std::string path = (other_ / "places.sqlite").string();
    Database database(path, Database::Access::read_write);
    database.run("CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1");
    return path;
  }

  std::size_t count_files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(other_.path()), {}));
  }

  TempFolder spool_;
  TempFolder other_;
};

TEST_F(LedgerTrust, AnotherProgramsDatabaseIsLeftAlone) {
  const std::string path = make_bookmarks();
  const std::string before = other_.read("places.sqlite");
  mark(path);
  EXPECT_THAT(open(place()), HasSubstr("database of another program"));
  EXPECT_THAT(open(named(path)), HasSubstr("database of another program"));
  LedgerPlace adopts = named(path);
  adopts.adopts = true;
  EXPECT_TRUE(std::holds_alternative<LedgerRefusal>(adopt_ledger(adopts)));
  EXPECT_EQ(other_.read("places.sqlite"), before);
  EXPECT_EQ(count_files(), 1U) << "and nothing is made beside it";
}

TEST_F(LedgerTrust, ADatabaseThatSaysWhoseItIsIsBelieved) {
  const std::string path = (other_ / "app.db").string();
  Database(path, Database::Access::read_write).run("PRAGMA application_id = 1234");
  const std::string before = other_.read("app.db");
  EXPECT_THAT(open(named(path)), HasSubstr("application id"));
  EXPECT_EQ(other_.read("app.db"), before);
}

TEST_F(LedgerTrust, AnEmptyFileThatTheMarkerNamesStaysEmpty) {
  other_.write("empty", "");
  mark((other_ / "empty").string());
  EXPECT_THAT(open(place()), HasSubstr("missing"));
  EXPECT_EQ(fs::file_size(other_ / "empty"), 0U);
  EXPECT_EQ(count_files(), 1U);
}

TEST_F(LedgerTrust, NoLinkLeadsToALedger) {
  ASSERT_EQ(open(named((other_ / "real.db").string())), "");
  fs::create_symlink("real.db", other_ / "link.db");
  EXPECT_THAT(open(named((other_ / "link.db").string())), HasSubstr("it is a link"));
  fs::create_directory_symlink(other_.path(), spool_ / "way");
  mark((spool_ / "way/real.db").string());
  EXPECT_THAT(open(place()), HasSubstr("a link on that way"));
}

TEST_F(LedgerTrust, ALinkForTheHiddenFolderOrItsMarkerIsNotFollowed) {
  fs::create_directory_symlink(other_.path(), spool_ / ".reeld");
  EXPECT_NE(open(place()), "");
  EXPECT_NE(open(named((other_ / "ledger.db").string())), "");
  spool_.remove(".reeld");
  spool_.make_folder(".reeld");
  other_.write("secret", "uuid = ");
  fs::create_symlink(other_ / "secret", spool_ / ".reeld/spool");
  EXPECT_THAT(open(place()), HasSubstr("not a spool's marker"));
}

TEST_F(LedgerTrust, AMarkerWithoutEndIsDamagedAtOnce) {
  spool_.make_folder(".reeld");
  spool_.write(".reeld/spool", "");
  fs::resize_file(spool_ / ".reeld/spool", std::uintmax_t{64} << 30U);
  EXPECT_THAT(open(place()), HasSubstr("longer than 4096 bytes"));
}

TEST_F(LedgerTrust, APipeForTheMarkerHoldsNobodyUp) {
  spool_.make_folder(".reeld");
  ASSERT_EQ(::mkfifo((spool_ / ".reeld/spool").c_str(), 0644), 0);
  EXPECT_THAT(open(place()), HasSubstr("no regular file"));
}

TEST_F(LedgerTrust, AGenerationThatNeverWasIsDamage) {
  ASSERT_FALSE(write_marker(spool_.fd(), spool_.path(), {make_uuid(), "x", std::int64_t{1} << 60U}));
  EXPECT_THAT(open(place()), HasSubstr("its generation is no number that reeld writes"));
}

TEST_F(LedgerTrust, ALedgerOfBeforeApplicationIdsIsKnownByItsTables) {
  const std::string path = (other_ / "ledger.db").string();
  ASSERT_EQ(open(named(path)), "");
  Database(path, Database::Access::existing).run("PRAGMA application_id = 0");
  EXPECT_EQ(open(named(path)), "");
  EXPECT_EQ(Database(path, Database::Access::read_only).read_number("PRAGMA application_id"),
            ledger_application_id);
}

TEST_F(LedgerTrust, OneWhoseTablesAreStillInItsLogToo) {
  const std::string path = (other_ / "ledger.db").string();
  ASSERT_EQ(open(named(path)), "");
  const std::string copy = (other_ / "killed.db").string();
  Database made(copy, Database::Access::read_write);
  made.run("PRAGMA journal_mode = WAL");
  migrate(made);
  made.run("PRAGMA application_id = 0");
  fs::copy_file(copy, other_ / "kept.db");
  fs::copy_file(copy + "-wal", other_ / "kept.db-wal");
  EXPECT_EQ(Database((other_ / "kept.db").string(), Database::Access::untouched)
                .read_number("SELECT count(*) FROM sqlite_schema"),
            0);
  LedgerSite site;
  site.path = (other_ / "kept.db").string();
  const auto found = inspect_ledger(site);
  ASSERT_TRUE(std::holds_alternative<LedgerFile>(found));
  EXPECT_EQ(std::get<LedgerFile>(found).kind, LedgerFile::Kind::ledger);
}

TEST_F(LedgerTrust, WhatOthersMayReadIsTakenFromThem) {
  const std::string path = (other_ / "ledger.db").string();
  ASSERT_EQ(open(named(path)), "");
  for (const char* const suffix : {"", ".lock"}) ASSERT_EQ(::chmod((path + suffix).c_str(), 0666), 0);
  ASSERT_EQ(open(named(path)), "");
  for (const char* const suffix : {"", ".lock"}) {
    struct ::stat status {};
    ASSERT_EQ(::stat((path + suffix).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U) << suffix;
  }
}

TEST_F(LedgerTrust, AFolderOfRootsThatOthersMayWriteIsNoPlaceForRootsLedger) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(::chmod(spool_.path().c_str(), 0770), 0);
  EXPECT_THAT(open(place()), HasSubstr("others can write into that folder"));
  EXPECT_EQ(open(named((other_ / "ledger.db").string())), "");
}

TEST_F(LedgerTrust, MoreOwnersThanOneAreNone) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  constexpr ::uid_t nobody = 65534;
  ASSERT_EQ(open(place()), "");
  ASSERT_EQ(::chown((spool_ / ".reeld/ledger.db").c_str(), nobody, nobody), 0);
  EXPECT_THAT(open(place()), HasSubstr("who may not speak for it"));
  ASSERT_EQ(::chown((spool_ / ".reeld/spool").c_str(), nobody, nobody), 0);
  EXPECT_THAT(open(place()), HasSubstr("it is not known who keeps this spool"));
  ASSERT_EQ(::chown((spool_ / ".reeld").c_str(), nobody, nobody), 0);
  EXPECT_THAT(open(place()), HasSubstr("run this as nobody or as root"));
  const auto owner = find_ledger_owner(place());
  ASSERT_TRUE(std::holds_alternative<LedgerOwner>(owner));
  EXPECT_EQ(std::get<LedgerOwner>(owner).user, nobody);
}

/// What a daemon does with each intent and each look of its marker keeper, without a pause.
void work(const LedgerPlace& place, OpenLedger ledger, const std::atomic<bool>& is_over) {
  SpoolMarker marker = ledger.marker;
  while (!is_over) {
    ledger.store->begin();
    marker.generation = ledger.store->raise_generation();
    ledger.store->commit();
    write_marker(place.spool_fd, place.spool_path, marker);
    ledger.store->begin();
    ledger.store->mark_generation(marker.generation);
    ledger.store->commit();
  }
}

TEST_F(LedgerTrust, NobodyWhoLooksBesideABusyDaemonTakesEitherForOlder) {
  auto opened = open_ledger(place());
  ASSERT_TRUE(std::holds_alternative<OpenLedger>(opened));
  std::atomic<bool> is_over = false;
  std::thread daemon([&] { work(place(), std::get<OpenLedger>(std::move(opened)), is_over); });
  constexpr int looks = 4000;
  int wrong = 0;
  for (int look = 0; look < looks; ++look) {
    auto located = locate_ledger(place());
    const auto& site = std::get<LedgerSite>(located);
    Database database(site.path, Database::Access::read_only);
    if (!may_serve(match_again(place(), site, read_ledger_identity(database)))) ++wrong;
  }
  is_over = true;
  daemon.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace reeld
