#include "commands/ledger_view.hpp"

#include <unistd.h>

#include <filesystem>

#include "commands/command_failure.hpp"
#include "commands/ledger_access.hpp"
#include "settings/exit_code.hpp"

namespace reeld {

LedgerView::LedgerView(const SpoolSite& spool, const LedgerSite& site)
    : owner_(list_owned(spool, site.path)) {
  std::error_code error;
  const auto type = std::filesystem::status(site.path, error).type();
  if (type == std::filesystem::file_type::not_found) {
    match_ = reeld::match(site.marker, std::nullopt, site.root);
    return;
  }
  try {
    database_ = std::make_unique<Database>(site.path, Database::Access::read_only);
    if (database_->read_number("PRAGMA user_version") == 0) {  // made, and never used
      match_ = reeld::match(site.marker, LedgerIdentity{}, site.root);
      return;
    }
    reader_ = std::make_unique<LedgerReader>(*database_);
    match_ = reeld::match(site.marker, reader_->read_identity(), site.root);
  } catch (const SqliteError& failure) {
    const bool is_readable = ::access(site.path.c_str(), R_OK | W_OK) == 0;
    throw CommandFailure(exit_code::failed, is_readable ? failure.what() : say_who_may(site.path));
  }
}

}  // namespace reeld
