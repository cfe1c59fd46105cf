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
  SqliteError(const std::string& message, int result_code, int error_number = 0)
      : std::runtime_error(message), code(result_code), system_code(error_number) {}
  /// Another process holds the database, and did so for longer than one waits.
  bool is_busy() const;
  int code;         // SQLite's extended result code
  int system_code;  // errno, where the file system is to blame; else 0
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
  enum class Access {
    read_write,  // made if it is missing, for its owner alone (0600) whatever the umask
    existing,    // likewise, but never made
    read_only,
    untouched,  // read, and nothing is locked, made beside it or recovered: for a file that may be another's
  };
  /// A path with a link in it is an error. What the file holds is not trusted: SQLite's defensive settings
  /// are on.
  Database(const std::string& path, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const std::string& sql);
  /// Whatever comes of it: for the end of what has failed.
  void run_anyway(const std::string& sql) noexcept;
  Statement prepare(std::string_view sql) { return Statement(handle_, sql); }
  bool is_in_transaction() const;
  std::int64_t last_row() const;
  std::int64_t read_number(const std::string& sql);
  /// As it was given.
  const std::string& path() const { return path_; }
  /// Whether the file that is open is the one that lies at its path.
  bool is_in_place();
  /// Writes the whole of it, as it is now, into another, which is empty.
  void copy_into(Database& other);

 private:
  void harden();

  std::string path_;
  sqlite3* handle_ = nullptr;
};

/// Questions that are asked in one transaction share its locks, and see one state. Read only; it ends with
/// the object.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& database) : database_(database) { database_.run("BEGIN"); }
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  Database& database_;
};

}  // namespace reeld
