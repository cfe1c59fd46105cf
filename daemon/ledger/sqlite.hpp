#pragma once
// SQLite as values with owners: a connection, and prepared statements with bound and read columns.
//
// Threads: a connection and its statements belong to one thread at a time.
// Errors: SqliteError, with what was being done, to which file, and SQLite's own words.

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace reeld {

struct SqliteError : std::runtime_error {
  SqliteError(const std::string& message, int result_code) : std::runtime_error(message), code(result_code) {}
  /// Another process holds the database, and did so for longer than one waits.
  bool is_busy() const;
  int code;  // SQLite's extended result code
};

class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  Statement& bind(int index, std::int64_t number);
  Statement& bind(int index, std::string_view text);
  Statement& bind_blob(int index, std::string_view bytes);
  Statement& bind_null(int index);

  /// True when there is a row to read.
  bool step();
  /// Runs to the end, and is ready to be bound anew.
  void run();
  void reset();

  std::int64_t number(int column) const;
  std::string bytes(int column) const;
  bool is_null(int column) const;

 private:
  [[noreturn]] void fail(std::string_view doing) const;
  sqlite3_stmt* statement_ = nullptr;
};

class Database {
 public:
  enum class Access { read_write, read_only };
  Database(const std::string& path, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const std::string& sql);
  Statement prepare(std::string_view sql) { return Statement(handle_, sql); }
  std::int64_t last_row() const;
  std::int64_t changes() const;
  std::int64_t read_number(const std::string& sql);

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace reeld
