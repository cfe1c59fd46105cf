#include "codec/json_text.hpp"

#include <boost/json.hpp>
#include <boost/system/error_code.hpp>

#include "codec/text_encoding.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

class Printer {
 public:
  void print(const json::value& value) {
    if (const auto* object = value.if_object()) return print_object(*object);
    if (const auto* array = value.if_array()) return print_array(*array);
    text_ += json::serialize(value);
  }

  std::string take() { return std::move(text_); }

 private:
  void print_object(const json::object& object) {
    if (object.empty()) {
      text_ += "{}";
      return;
    }
    open('{');
    for (bool is_first = true; const auto& member : object) {
      begin_item(is_first);
      text_ += json::serialize(member.key());
      text_ += ": ";
      print(member.value());
    }
    close('}');
  }

  void print_array(const json::array& array) {
    if (array.empty()) {
      text_ += "[]";
      return;
    }
    open('[');
    for (bool is_first = true; const auto& item : array) {
      begin_item(is_first);
      print(item);
    }
    close(']');
  }

  void open(char bracket) {
    text_ += bracket;
    ++depth_;
  }

  void begin_item(bool& is_first) {
    if (!is_first) text_ += ',';
    is_first = false;
    break_line();
  }

  void close(char bracket) {
    --depth_;
    break_line();
    text_ += bracket;
  }

  void break_line() {
    text_ += '\n';
    text_.append(2 * depth_, ' ');
  }

  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace

std::optional<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 64;
  boost::system::error_code error;
  json::value value = json::parse(skip_byte_order_mark(text), error, {}, options);
  if (error) return std::nullopt;
  return value;
}

std::string print_json(const json::value& value) {
  Printer printer;
  printer.print(value);
  return printer.take() + "\n";
}

}  // namespace reeld
