#include "ledger/ledger_copy.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "sys/durable_file.hpp"
#include "sys/time_stamp.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& doing, int code) {
  throw SqliteError(
      "back up the ledger before its tables are brought up to date: " + doing + ": " + std::strerror(code) +
          ". Nothing was changed: make room, or mend the permissions, in its folder, and start again",
      SQLITE_IOERR, code);
}

/// Nothing of it is open in SQLite any more, so that closing it here takes no lock away.
void sync_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd || ::fsync(fd.get()) != 0) fail("sync " + path, errno);
}

void sync_folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) fail("open " + folder, errno);
  if (const auto error = sync_folder(fd.get(), folder)) fail(error->message, error->code);
}

/// Nothing of either is open in SQLite any more when this returns.
void copy_database(const std::string& ledger, const std::string& copy) {
  Database other(copy, Database::Access::read_write);
  // By a connection of its own: SQLite copies nothing from one that is about to write.
  Database(ledger, Database::Access::read_only).copy_into(other);
}

/// Under a name that says that it is not whole yet. What an earlier try has left is made anew.
std::string write_part(const std::string& ledger, const std::string& copy) {
  const std::string part = copy + ".part";
  if (::unlink(part.c_str()) != 0 && errno != ENOENT) fail("remove " + part, errno);
  copy_database(ledger, part);
  sync_file(part);
  return part;
}

}  // namespace

void copy_before_migration(Database& database, int version) {
  if (database.path().empty() || database.path() == ":memory:") return;
  const std::string copy = database.path() + ".v" + std::to_string(version) + "-" +
                           make_time_stamp(std::chrono::system_clock::now());
  std::string part;
  try {
    part = write_part(database.path(), copy);
    if (std::rename(part.c_str(), copy.c_str()) != 0) fail("rename " + part, errno);
    sync_folder_of(copy);
  } catch (...) {
    ::unlink((copy + ".part").c_str());
    throw;
  }
}

UniqueFd copy_ledger(const std::string& ledger) {
  const std::string part = ledger + ".backup-" + std::to_string(::getpid());
  ::unlink(part.c_str());
  UniqueFd copy;
  try {
    copy_database(ledger, part);
    copy = UniqueFd(::open(part.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  } catch (...) {
    ::unlink(part.c_str());
    throw;
  }
  const int code = errno;
  ::unlink(part.c_str());
  if (!copy) throw SqliteError("open " + part + ": " + std::strerror(code), SQLITE_CANTOPEN, code);
  return copy;
}

}  // namespace reeld
