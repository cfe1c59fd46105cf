#include "ledger/sqlite.hpp"

#include <sqlite3.h>

#include <utility>

namespace reeld {
namespace {

[[noreturn]] void fail_with(sqlite3* database, std::string_view doing, int code) {
  const char* const file = sqlite3_db_filename(database, "main");
  std::string message(doing);
  if (file != nullptr) message.append(" ").append(file);
  message.append(": ").append(database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code));
  throw SqliteError(message, code, database != nullptr ? sqlite3_system_errno(database) : 0);
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
  fail("write or read");
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

Database::Database(const std::string& path, Access access) {
  const int mode =
      access == Access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle_, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code != SQLITE_OK) {
    const std::string message =
        "open " + path + ": " + (handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code));
    const int error_number = handle_ != nullptr ? sqlite3_system_errno(handle_) : 0;
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw SqliteError(message, code, error_number);
  }
  // Commands and the daemon share the ledger: each waits a moment for the other.
  sqlite3_busy_timeout(handle_, 5000);
}

Database::~Database() {
  sqlite3_close_v2(handle_);
}

void Database::run(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail_with(handle_, "change", sqlite3_extended_errcode(handle_));
  }
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(handle_);
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_);
}

std::int64_t Database::read_number(const std::string& sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.number(0) : 0;
}

}  // namespace reeld
