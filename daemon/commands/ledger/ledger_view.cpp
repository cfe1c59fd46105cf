#include "commands/ledger/ledger_view.hpp"

#include "commands/command_failure.hpp"
#include "ledger/schema.hpp"
#include "settings/exit_code.hpp"
#include "spool/open_spool.hpp"

namespace reeld {
namespace {

template <typename Found>
Found require(std::variant<Found, LedgerRefusal> found) {
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&found))
    throw CommandFailure(code_of(*refusal), refusal->reason);
  return std::get<Found>(std::move(found));
}

std::unique_ptr<Database> bring_up_to_date(std::unique_ptr<Database> database) {
  if (database->read_number("PRAGMA user_version") == schema_version) return database;
  auto copy = std::make_unique<Database>(":memory:", Database::Access::read_write);
  database->copy_into(*copy);
  migrate(*copy);
  return copy;
}

}  // namespace

LedgerView::LedgerView(const LedgerPlace& place) {
  become_ledger_owner(place);
  site_ = require(locate_ledger(place));
  file_ = require(inspect_ledger(site_));
  if (file_.kind == LedgerFile::Kind::ledger) {
    read(place);
    return;
  }
  match_ = file_.kind == LedgerFile::Kind::corrupt   ? LedgerMatch::corrupt
           : file_.kind == LedgerFile::Kind::missing ? match_again(place, site_, std::nullopt)
                                                     : match_again(place, site_, LedgerIdentity{});
}

void LedgerView::read(const LedgerPlace& place) {
  try {
    auto database = std::make_unique<Database>(site_.path, Database::Access::read_only);
    require_same_file(*database, file_);
    match_ = match_again(place, site_, read_ledger_identity(*database));
    database_ = bring_up_to_date(std::move(database));
    reader_ = std::make_unique<LedgerReader>(*database_);
  } catch (const SqliteError& failure) {
    throw CommandFailure(exit_code::of_failure(refuse(failure).is_passing), failure.what());
  }
}

}  // namespace reeld
