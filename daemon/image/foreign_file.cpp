#include <algorithm>
#include <array>
#include <cstdio>

#include "core/ascii.hpp"
#include "image/image_formats.hpp"

namespace reeld {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr auto signatures = std::to_array<Signature>({
    {0, "GIF8"sv, "a GIF"},
    {0, "%PDF"sv, "a PDF"},
    {4, "ftypheic"sv, "HEIC"},
    {4, "ftypheix"sv, "HEIC"},
    {4, "ftypmif1"sv, "HEIF"},
    {4, "ftypmsf1"sv, "HEIF"},
    {4, "ftypavif"sv, "AVIF"},
    {4, "ftyp"sv, "an MP4 video"},
    {0, "II*\0"sv, "a TIFF"},
    {0, "MM\0*"sv, "a TIFF"},
    {0, "BM"sv, "a BMP"},
    {0, "8BPS"sv, "a Photoshop file"},
    {0, "\xFF\x0A"sv, "JPEG XL"},
    {4, "JXL "sv, "JPEG XL"},
    {4, "jP  "sv, "JPEG 2000"},
    {0, "PK\x03\x04"sv, "a ZIP archive"},
    {0, "RIFF"sv, "a RIFF file without a WEBP form"},
    {0, "<?xml"sv, "XML"},
    {0, "<svg"sv, "SVG"},
    {0, "{"sv, "JSON"},
});

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Error pages are saved under the names of images.
bool looks_like_html(std::string_view head) {
  std::string start;
  for (const char c : head) {
    if (start.empty() && is_blank(c)) continue;
    start += to_lower(c);
  }
  return start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<head");
}

std::string write_hex(std::string_view bytes) {
  std::string text = "bytes";
  for (const char c : bytes) {
    std::array<char, 8> hex{};
    std::snprintf(hex.data(), hex.size(), " %02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += hex.data();
  }
  return text;
}

}  // namespace

std::string describe_foreign_file(std::span<const std::byte> head) {
  const std::string_view text = as_text(head);
  if (looks_like_html(text)) return "HTML";
  const auto found = std::ranges::find_if(signatures, [text](const Signature& signature) {
    return text.size() >= signature.offset && text.substr(signature.offset).starts_with(signature.bytes);
  });
  return found == signatures.end() ? write_hex(text.substr(0, 4)) : std::string(found->name);
}

}  // namespace reeld
