#include "ledger/ledger_file.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string_view>

#include "ledger/schema.hpp"
#include "sys/read_file.hpp"
#include "sys/unique_fd.hpp"
#include "sys/user_name.hpp"

namespace reeld {
namespace {

// Source: sqlite.org/fileformat2.html, "The Database Header".
constexpr std::size_t header_size = 100;
constexpr std::string_view magic("SQLite format 3\0", 16);
constexpr std::size_t version_at = 60;
constexpr std::size_t application_at = 68;

struct Header {
  std::uint32_t version;
  std::uint32_t application;
};

std::uint32_t read_number(const std::string& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8U | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

LedgerRefusal refuse_file(const LedgerSite& site, const std::string& why) {
  LedgerRefusal out;
  out.reason = "the ledger " + site.path + ": " + why + ". Nothing of it was changed";
  return out;
}

/// Without opening it: a device or a pipe may do something when it is opened.
std::optional<LedgerRefusal> find_fault(const LedgerSite& site, const struct ::stat& status) {
  if (S_ISLNK(status.st_mode)) return refuse_file(site, "it is a link, and links are not followed");
  if (!S_ISREG(status.st_mode)) return refuse_file(site, "it is no regular file");
  if (!site.owner || *site.owner == status.st_uid) return std::nullopt;
  return refuse_file(site,
                     "it belongs to " + name_user(status.st_uid) + ", and the spool's .reeld to " +
                         name_user(*site.owner) +
                         ", who may not speak for it. If this is the ledger, say so with [ledger] path");
}

LedgerFile as_corrupt(LedgerFile file, std::string damage) {
  file.kind = LedgerFile::Kind::corrupt;
  file.damage = std::move(damage);
  return file;
}

bool is_corrupt(const SqliteError& error) {
  const int code = error.code & 0xff;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/// A ledger of before there were application ids, as soon as it was made: its tables may be in its log alone.
bool has_tables_in_log(const LedgerSite& site) {
  std::error_code error;
  const auto size = std::filesystem::file_size(site.path + "-wal", error);
  if (error || size == 0) return false;
  Database database(site.path, Database::Access::read_only);
  return has_ledger_schema(database);
}

std::variant<LedgerFile, LedgerRefusal> inspect_unmarked(const LedgerSite& site, LedgerFile file) {
  bool is_empty = false;
  {
    Database database(site.path, Database::Access::untouched);
    if (has_ledger_schema(database)) {
      file.kind = LedgerFile::Kind::ledger;
      return file;
    }
    is_empty = database.read_number("SELECT count(*) FROM sqlite_schema") == 0;
  }
  if (!is_empty)
    return refuse_file(
        site,
        "it is a database of another program: it has other tables than a ledger. Name the ledger "
        "with [ledger] path");
  file.kind = has_tables_in_log(site) ? LedgerFile::Kind::ledger : LedgerFile::Kind::unused;
  return file;
}

std::variant<LedgerFile, LedgerRefusal> inspect_header(const LedgerSite& site, LedgerFile file,
                                                       const Header& header) {
  if (header.application == 0) return inspect_unmarked(site, std::move(file));
  if (header.application != ledger_application_id)
    return refuse_file(
        site,
        "it is a database of another program (its application id says so). Name the ledger with "
        "[ledger] path");
  if (header.version > schema_version)
    return refuse_file(site, "it was written by a newer reeld (schema " + std::to_string(header.version) +
                                 ", this one knows " + std::to_string(schema_version) + "); upgrade reeld");
  file.kind = header.version == 0 ? LedgerFile::Kind::unused : LedgerFile::Kind::ledger;
  return file;
}

std::variant<LedgerFile, LedgerRefusal> inspect_contents(const LedgerSite& site, LedgerFile file, int fd,
                                                         std::uint64_t size) {
  if (size == 0) {
    file.kind = LedgerFile::Kind::unused;
    return file;
  }
  const auto header = read_bytes(fd, std::min<std::uint64_t>(size, header_size));
  if (!header) return refuse(make_sys_error("read the ledger", site.path, errno));
  if (header->size() < header_size || !header->starts_with(magic))
    return as_corrupt(std::move(file), "file is not a database");
  try {
    return inspect_header(site, file,
                          {read_number(*header, version_at), read_number(*header, application_at)});
  } catch (const SqliteError& error) {
    if (is_corrupt(error)) return as_corrupt(std::move(file), error.what());
    return refuse(error);
  }
}

std::variant<LedgerFile, LedgerRefusal> inspect_as_it_is(const LedgerSite& site) {
  struct ::stat status {};
  LedgerFile file;
  if (::lstat(site.path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return file;
    return refuse(make_sys_error("look at the ledger", site.path, errno));
  }
  if (auto fault = find_fault(site, status)) return std::move(*fault);
  const UniqueFd fd(::open(site.path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd && (errno == EACCES || errno == EPERM))
    return refuse_for_others("open the ledger " + site.path, status.st_uid);
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return refuse(make_sys_error("open the ledger", site.path, errno));
  if (auto fault = find_fault(site, status)) return std::move(*fault);  // another one by now
  file.device = status.st_dev;
  file.inode = status.st_ino;
  return inspect_contents(site, std::move(file), fd.get(), static_cast<std::uint64_t>(status.st_size));
}

/// While a ledger is made, its changes are prepared in a journal. Is that still there, the process was
/// killed, and what is half written has to be taken back before anybody can read it. SQLite does so as soon
/// as it is opened to be written.
bool take_back_half_written(const LedgerSite& site, const LedgerFile& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(site.path + "-journal", error);
  if (file.kind != LedgerFile::Kind::ledger || error || size == 0) return false;
  Database(site.path, Database::Access::existing).read_number("PRAGMA user_version");
  return true;
}

/// By a descriptor that reads nothing, so that closing it takes no lock away (fcntl(2)).
void make_one_private(const std::string& path) {
  constexpr ::mode_t owner_only = 0600;
  const UniqueFd fd(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct ::stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (status.st_uid != ::geteuid() || status.st_nlink != 1) return;
  if ((status.st_mode & 07777) == owner_only) return;
  const std::string itself = "/proc/self/fd/" + std::to_string(fd.get());
  [[maybe_unused]] const int ignored = ::chmod(itself.c_str(), owner_only);
}

}  // namespace

std::variant<LedgerFile, LedgerRefusal> inspect_ledger(const LedgerSite& site) {
  auto inspected = inspect_as_it_is(site);
  const auto* const file = std::get_if<LedgerFile>(&inspected);
  if (file == nullptr) return inspected;
  try {
    if (!take_back_half_written(site, *file)) return inspected;
  } catch (const SqliteError& error) {
    return refuse(error);
  }
  return inspect_as_it_is(site);
}

LedgerFile make_ledger_file(const std::string& path) {
  constexpr ::mode_t owner_only = 0600;
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, owner_only));
  struct ::stat status {};
  if (!fd || ::fchmod(fd.get(), owner_only) != 0 || ::fstat(fd.get(), &status) != 0) {
    const int code = errno;
    throw SqliteError(make_sys_error("create the ledger", path, code).message, SQLITE_CANTOPEN, code);
  }
  LedgerFile file;
  file.kind = LedgerFile::Kind::unused;
  file.device = status.st_dev;
  file.inode = status.st_ino;
  return file;
}

void require_same_file(Database& database, const LedgerFile& inspected) {
  struct ::stat status {};
  const bool is_same = ::lstat(database.path().c_str(), &status) == 0 && status.st_dev == inspected.device &&
                       status.st_ino == inspected.inode && database.is_in_place();
  if (!is_same)
    throw SqliteError(
        "open the ledger " + database.path() + ": it was replaced just now; look, and try again",
        SQLITE_NOTFOUND);
  if (inspected.kind == LedgerFile::Kind::ledger && !has_ledger_schema(database))
    throw SqliteError("open the ledger " + database.path() +
                          ": it has other tables than a ledger; restore a backup of it, or look",
                      SQLITE_MISMATCH);
}

void make_private(const std::string& ledger) {
  for (const char* const suffix : {"", "-wal", "-shm", ".lock", ".reserve"})
    make_one_private(ledger + suffix);
}

}  // namespace reeld
