#pragma once
// The structured log: one event a line, with its fields, as JSON or as text.
//
// Threads: the loop's thread only; other threads return values that the loop logs.
// Never in it: the API key, or a prompt at `info`. A line is written with one write, so it is never torn.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "settings/settings.hpp"

namespace reeld {

struct LogField {
  using Value = std::variant<std::string, std::int64_t, double, bool>;
  LogField(std::string_view field_name, std::string text) : name(field_name), value(std::move(text)) {}
  LogField(std::string_view field_name, std::string_view text) : name(field_name), value(std::string(text)) {}
  LogField(std::string_view field_name, const char* text) : name(field_name), value(std::string(text)) {}
  LogField(std::string_view field_name, bool flag) : name(field_name), value(flag) {}
  LogField(std::string_view field_name, double number) : name(field_name), value(number) {}
  template <class Integer>
  requires std::is_integral_v<Integer> LogField(std::string_view field_name, Integer number)
      : name(field_name), value(static_cast<std::int64_t>(number)) {}

  std::string_view name;  // a literal
  Value value;            // text need not be valid UTF-8: what is not is replaced
};
using LogFields = std::vector<LogField>;

/// The text of that field; null where there is none, or it is no text.
inline const std::string* find_text(const LogFields& fields, std::string_view name) {
  for (const LogField& field : fields) {
    if (field.name == name) return std::get_if<std::string>(&field.value);
  }
  return nullptr;
}

class Log {
 public:
  virtual ~Log() = default;
  /// `event` is one of log/log_events.hpp; `message` is for people.
  virtual void write(LogLevel level, std::string_view event, std::string_view message, LogFields fields) = 0;

  void debug(std::string_view event, std::string_view message, LogFields fields = {}) {
    write(LogLevel::debug, event, message, std::move(fields));
  }
  void info(std::string_view event, std::string_view message, LogFields fields = {}) {
    write(LogLevel::info, event, message, std::move(fields));
  }
  void warning(std::string_view event, std::string_view message, LogFields fields = {}) {
    write(LogLevel::warning, event, message, std::move(fields));
  }
  void error(std::string_view event, std::string_view message, LogFields fields = {}) {
    write(LogLevel::error, event, message, std::move(fields));
  }
};

}  // namespace reeld
