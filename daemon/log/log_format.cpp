#include "log/log_format.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <charconv>

#include "codec/result_json.hpp"
#include "codec/terminal_text.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

std::string_view word_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      break;
  }
  return "error";
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}

std::string quote(std::string_view text) {
  return escape_steering(boost::json::serialize(boost::json::string_view(to_valid_utf8(text))));
}

std::string number_text(double number) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed, 3).ptr;
  return {buffer, end};
}

struct JsonValue {
  std::string operator()(const std::string& text) const { return quote(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return number_text(number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
};

/// Texts are quoted only where they hold something that would make the line hard to read.
struct TextValue : JsonValue {
  using JsonValue::operator();
  std::string operator()(const std::string& text) const {
    const bool is_plain = !text.empty() && text.find_first_of(" \"\\=\t\r\n") == std::string::npos;
    if (std::any_of(text.begin(), text.end(), is_control)) return quote(text);
    return is_plain ? escape_steering(text) : quote(text);
  }
};

/// As it is: the journal keeps any text.
struct EntryValue : JsonValue {
  using JsonValue::operator();
  std::string operator()(const std::string& text) const { return to_valid_utf8(text); }
};

std::string field_name(std::string_view name) {
  std::string out = "REELD_";
  for (const char c : name) out += 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

}  // namespace

std::string format_json_line(SystemTime at, LogLevel level, std::string_view event, std::string_view message,
                             const LogFields& fields) {
  std::string line = "{\"ts\":\"" + format_time(at) + "\",\"level\":\"";
  line.append(word_of(level))
      .append("\",\"event\":\"")
      .append(event)
      .append("\",\"msg\":")
      .append(quote(message));
  for (const LogField& field : fields) {
    line.append(",\"").append(field.name).append("\":").append(std::visit(JsonValue{}, field.value));
  }
  line += '}';
  return line;
}

std::string format_text_line(SystemTime at, LogLevel level, std::string_view event, std::string_view message,
                             const LogFields& fields) {
  std::string line = format_time(at) + " ";
  line.append(word_of(level)).append(8 - std::min<std::size_t>(7, word_of(level).size()), ' ');
  line.append(event).append(" ");
  // What an API or a file's name says must not steer the reader's terminal.
  std::string one_line(message);
  std::ranges::replace_if(one_line, is_control, ' ');
  line += escape_steering(one_line);
  for (const LogField& field : fields) {
    line.append(" ").append(field.name).append("=").append(std::visit(TextValue{}, field.value));
  }
  return line;
}

std::vector<std::string> make_journal_entry(LogLevel level, std::string_view event, std::string_view message,
                                            const LogFields& fields) {
  std::vector<std::string> entry{"MESSAGE=" + escape_steering(message),
                                 "PRIORITY=" + std::to_string(priority_of(level)), "SYSLOG_IDENTIFIER=reeld",
                                 "REELD_EVENT=" + std::string(event)};
  for (const LogField& field : fields)
    entry.push_back(field_name(field.name) + "=" + std::visit(EntryValue{}, field.value));
  return entry;
}

int priority_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return 7;
    case LogLevel::info:
      return 6;
    case LogLevel::warning:
      return 4;
    case LogLevel::error:
      break;
  }
  return 3;
}

}  // namespace reeld
