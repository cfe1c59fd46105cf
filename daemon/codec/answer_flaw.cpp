#include "codec/answer_flaw.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <boost/system/error_code.hpp>

#include "codec/lenient_json.hpp"
#include "codec/text_encoding.hpp"
#include "core/ascii.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

std::string_view skip_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

/// By how it begins.
std::string_view find_markup(std::string_view text) {
  static constexpr std::array<std::string_view, 5> beginnings{"<!doctype html", "<html", "<head", "<body",
                                                              "<title"};
  const std::string start = to_lower(text.substr(0, 16));
  const bool is_html = std::ranges::any_of(
      beginnings, [&](std::string_view beginning) { return start.starts_with(beginning); });
  if (is_html) return "is HTML";
  return start.starts_with('<') ? "is XML or HTML" : "";
}

std::string_view describe_kind(const json::value& value) {
  switch (value.kind()) {
    case json::kind::object:
      return "";
    case json::kind::array:
      return "is an array";
    case json::kind::string:
      return "is JSON, but a text alone";
    case json::kind::bool_:
    case json::kind::null:
      return "is JSON, but a word alone";
    default:
      return "is JSON, but a number alone";
  }
}

/// Mending goes from the head to the end, so that a place in the mended text stands for one in the other.
std::size_t find_unmended(std::string_view text, std::size_t place) {
  std::size_t least = 0;
  std::size_t most = text.size();
  while (least < most) {
    const std::size_t middle = least + (most - least) / 2;
    if (mend_json(text.substr(0, middle)).size() < place) {
      least = middle + 1;
    } else {
      most = middle;
    }
  }
  return least;
}

/// Where parsing ends, and why.
std::string parse(std::string_view text) {
  json::parse_options options;
  options.max_depth = 64;
  json::stream_parser parser({}, options);
  const std::string mended = mend_json(text);
  boost::system::error_code error;
  const std::size_t read = parser.write_some(mended.data(), mended.size(), error);
  const auto tell = [&](std::string_view what) {
    const std::size_t place = mended == text ? read : find_unmended(text, read);
    return "is not JSON (at byte " + std::to_string(place) + ": " + std::string(what) + ")";
  };
  if (error) return tell(error.message());
  if (read < mended.size()) return tell("something stands behind its end");
  parser.finish(error);
  if (error) return "is not JSON to its end: it breaks off after " + std::to_string(text.size()) + " bytes";
  return std::string(describe_kind(parser.release()));
}

}  // namespace

std::string describe_flaw(std::string_view body) {
  const std::string_view text = skip_blanks(skip_byte_order_mark(body));
  if (text.empty()) return "is empty";
  const std::string_view markup = find_markup(text);
  if (!markup.empty()) return std::string(markup);
  std::string flaw = parse(skip_byte_order_mark(body));
  const std::size_t odd = find_invalid_utf8(body);
  if (flaw.starts_with("is not JSON") && odd != std::string_view::npos)
    return "is not text (at byte " + std::to_string(odd) + ")";
  return flaw;
}

}  // namespace reeld
