#include "image/jpeg_segment.hpp"

#include <algorithm>

#include "core/ascii.hpp"
#include "image/byte_window.hpp"

namespace reeld {
namespace {

constexpr std::uint32_t max_huffman = 2 + 8 * (17 + 256);
constexpr std::uint32_t max_quantization = 2 + 4 * 129;
constexpr std::uint32_t max_comment = 4096;  // nothing stands in the way of longer ones, but good sense

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

bool is_of_name(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') ||
         std::string_view(" _-.:/").find(c) != std::string_view::npos;
}

/// Application segments begin with the name of the application and a zero: "JFIF", "ICC_PROFILE",
/// "http://ns.adobe.com/xap/1.0/".
bool has_name(std::string_view data) {
  const auto end = std::ranges::find_if_not(data, is_of_name);
  return end - data.begin() >= 3 && end != data.end() && *end == '\0';
}

bool is_text(std::string_view data) {
  return std::ranges::all_of(data.substr(0, 4), is_printable);
}

/// Two bits that say which table, and one that says of which kind.
bool has_table_number(std::span<const std::byte> data) {
  return !data.empty() && (data[0] & std::byte{0xEC}) == std::byte{0};
}

bool has_components(std::span<const std::byte> data, std::size_t at, std::uint32_t fixed, std::uint32_t each,
                    std::uint32_t length) {
  return data.size() > at && length == fixed + each * std::to_integer<std::uint32_t>(data[at]);
}

}  // namespace

bool is_plausible_segment(unsigned marker, std::uint32_t length, std::span<const std::byte> data) {
  if (is_jpeg_frame(marker)) return has_components(data, 5, 8, 3, length);
  if (marker >= 0xE0 && marker <= 0xEF) return has_name(as_text(data));
  switch (marker) {
    case 0xC4:  // DHT
      return length <= max_huffman && has_table_number(data);
    case 0xDA:  // SOS
      return has_components(data, 0, 6, 2, length);
    case 0xDB:  // DQT
      return length <= max_quantization && has_table_number(data);
    case 0xDC:  // DNL
    case 0xDD:  // DRI
      return length == 4;
    case 0xFE:  // COM
      return length <= max_comment && is_text(as_text(data));
    default:
      return false;
  }
}

}  // namespace reeld
