#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <charconv>

#include "codec/result_json.hpp"
#include "codec/utf8.hpp"
#include "runtime/spool_log.hpp"

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

std::string quote(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(to_valid_utf8(text)));
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
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20) return quote(text);
    }
    return is_plain ? to_valid_utf8(text) : quote(text);
  }
};

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
  for (const char c : to_valid_utf8(message)) line += c == '\n' || c == '\r' ? ' ' : c;
  for (const LogField& field : fields) {
    line.append(" ").append(field.name).append("=").append(std::visit(TextValue{}, field.value));
  }
  return line;
}

}  // namespace reeld
