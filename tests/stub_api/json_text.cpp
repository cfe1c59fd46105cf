#include "stub_api/json_text.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace reeld::stub {
namespace {

void append_escape(std::string& out, std::uint32_t unit) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", unit);
  out += text.data();
}

void append_ascii(std::string& out, unsigned char byte) {
  if (byte == '"' || byte == '\\') {
    out += '\\';
    out += static_cast<char>(byte);
  } else if (byte < 0x20 || byte == 0x7f) {
    append_escape(out, byte);
  } else {
    out += static_cast<char>(byte);
  }
}

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;  // 0: not valid UTF-8
};

Character decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead >= 0xf0 && lead < 0xf5   ? 4
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                                                           : 0;
  if (length == 0 || text.size() < length) return {};
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80) return {};
    code = (code << 6U) | (byte & 0x3fU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (overlong || surrogate || code > 0x10ffff) return {};
  return {code, length};
}

void append_code(std::string& out, std::uint32_t code) {
  if (code < 0x10000) return append_escape(out, code);
  append_escape(out, 0xd800 + ((code - 0x10000) >> 10U));
  append_escape(out, 0xdc00 + ((code - 0x10000) & 0x3ffU));
}

std::string quote(std::string_view text, bool ascii) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text[0]);
    std::size_t length = 1;
    if (byte < 0x80) {
      append_ascii(out, byte);
    } else if (const Character character = decode(text); character.length == 0) {
      append_escape(out, 0xdc00U + byte);
    } else {
      length = character.length;
      if (ascii) {
        append_code(out, character.code);
      } else {
        out += text.substr(0, length);
      }
    }
    text.remove_prefix(length);
  }
  return out + '"';
}

}  // namespace

std::string quote_json(std::string_view text) {
  return quote(text, false);
}
std::string quote_json_ascii(std::string_view text) {
  return quote(text, true);
}

}  // namespace reeld::stub
