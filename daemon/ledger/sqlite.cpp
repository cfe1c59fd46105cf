#include "ledger/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

[[noreturn]] void fail_with(sqlite3* database, std::string_view doing, int code) {
  const char* const file = sqlite3_db_filename(database, "main");
  std::string message(doing);
  if (file != nullptr) message.append(" ").append(file);
  message.append(": ").append(database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code));
  throw SqliteError(message, code, database != nullptr ? sqlite3_system_errno(database) : 0);
}

constexpr const char* in_memory = ":memory:";

/// SQLite gives what it makes beside a database (-wal, -shm) the modes of the database.
void make_private_file(const std::string& path) {
  constexpr ::mode_t owner_only = 0600;
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, owner_only));
  if (fd && ::fchmod(fd.get(), owner_only) == 0) return;
  if (errno == EEXIST) return;
  const int code = errno;
  throw SqliteError("create " + path + ": " + std::strerror(code), SQLITE_CANTOPEN, code);
}

/// Source: sqlite.org/uri.html.
std::string make_immutable_uri(const std::string& path) {
  constexpr const char* digits = "0123456789abcdef";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    uri.append({'%', digits[byte >> 4U], digits[byte & 15U]});
  }
  return uri + "?immutable=1";
}

}  // namespace

bool SqliteError::is_busy() const {
  return (code & 0xff) == SQLITE_BUSY;
}

Statement::Statement(sqlite3* database, std::string_view sql) {
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) fail_with(database, "prepare a statement for", sqlite3_extended_errcode(database));
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement::Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}

void Statement::fail(std::string_view doing) const {
  sqlite3* const database = sqlite3_db_handle(statement_);
  fail_with(database, doing, sqlite3_extended_errcode(database));
}

Statement& Statement::bind(int index, std::int64_t number) {
  if (sqlite3_bind_int64(statement_, index, number) != SQLITE_OK) fail("bind a number in");
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  const char* const data = text.data() == nullptr ? "" : text.data();
  if (sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK) {
    fail("bind a text in");
  }
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  const char* const data = bytes.data() == nullptr ? "" : bytes.data();
  if (sqlite3_bind_blob64(statement_, index, data, bytes.size(), SQLITE_TRANSIENT) != SQLITE_OK)
    fail("bind bytes in");
  return *this;
}

Statement& Statement::bind_null(int index) {
  if (sqlite3_bind_null(statement_, index) != SQLITE_OK) fail("bind a null in");
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  try {
    fail("write or read");
  } catch (...) {
    reset();  // or it could not be bound again, when the trouble is over
    throw;
  }
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Statement::bytes(int column) const {
  const void* const data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Database::Database(const std::string& path, Access access) : path_(path) {
  if (access == Access::read_write && path != in_memory) make_private_file(path);
  const bool is_writable = access == Access::read_write || access == Access::existing;
  const int mode = (is_writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                   SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
  const bool is_untouched = access == Access::untouched;
  const std::string name = is_untouched ? make_immutable_uri(path) : path;
  const int code =
      sqlite3_open_v2(name.c_str(), &handle_, mode | (is_untouched ? SQLITE_OPEN_URI : 0), nullptr);
  if (code != SQLITE_OK) {
    const std::string message =
        "open " + path + ": " + (handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code));
    const int error_number = handle_ != nullptr ? sqlite3_system_errno(handle_) : 0;
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw SqliteError(message, code, error_number);
  }
  // Commands and the daemon share the ledger: each waits a moment for the other.
  sqlite3_busy_timeout(handle_, 5000);
  harden();
  // In KiB. Its pages are in the system's cache already, and memory would grow with the ledger.
  sqlite3_exec(handle_, "PRAGMA cache_size = -256", nullptr, nullptr, nullptr);
}

/// A file may have been made to mislead whoever opens it. Source: sqlite.org/security.html, "Untrusted SQLite
/// database files".
void Database::harden() {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_exec(handle_, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", nullptr, nullptr, nullptr);
}

Database::~Database() {
  sqlite3_close_v2(handle_);
}

void Database::run(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail_with(handle_, "change", sqlite3_extended_errcode(handle_));
  }
}

void Database::run_anyway(const std::string& sql) noexcept {
  sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
}

bool Database::is_in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(handle_);
}

ReadTransaction::~ReadTransaction() {
  try {
    database_.run("COMMIT");
  } catch (const SqliteError&) {
    // Nothing was written, and SQLite has given the locks up.
  }
}

std::int64_t Database::read_number(const std::string& sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.number(0) : 0;
}

bool Database::is_in_place() {
  int has_moved = 0;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
  return has_moved == 0;
}

void Database::copy_into(Database& other) {
  sqlite3_backup* const backup = sqlite3_backup_init(other.handle_, "main", handle_, "main");
  if (backup == nullptr)
    fail_with(other.handle_, "copy the ledger into", sqlite3_extended_errcode(other.handle_));
  const int code = sqlite3_backup_step(backup, -1);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) fail_with(other.handle_, "copy the ledger into", code);
}

}  // namespace reeld
