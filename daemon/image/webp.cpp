// WebP: a RIFF file of the form WEBP; the first chunk (VP8, VP8L or VP8X) has the size in pixels. RIFF's
// length is all that tells where it ends; the padding after an odd one holds nothing, and many writers leave
// it out. Source: RFC 9649 2.3 to 2.7; RFC 6386 9.1 (VP8); RFC 9649 3.4 (VP8L).

#include "image/image_formats.hpp"

namespace reeld {
namespace {

constexpr std::uint64_t riff_frame = 8;     // "RIFF" and the size itself
constexpr std::uint64_t smallest_riff = 4;  // "WEBP"
constexpr std::uint64_t chunk_at = 12;
constexpr std::size_t riff_head_size = 8;
constexpr std::uint32_t fourteen_bits = 0x3FFF;

/// Each reads the size in pixels from a chunk's first bytes, where they are what they should be.
void read_vp8(std::span<const std::byte> data, ImageReport& report) {
  if (data.size() < 10 || as_text(data.subspan(3, 3)) != "\x9D\x01\x2A") return;
  report.width = read_little_endian(data.subspan(6), 2) & fourteen_bits;
  report.height = read_little_endian(data.subspan(8), 2) & fourteen_bits;
}

void read_vp8l(std::span<const std::byte> data, ImageReport& report) {
  if (data.size() < 5 || data[0] != std::byte{0x2F}) return;
  const std::uint32_t bits = read_little_endian(data.subspan(1), 4);
  report.width = (bits & fourteen_bits) + 1;
  report.height = (bits >> 14 & fourteen_bits) + 1;
}

void read_vp8x(std::span<const std::byte> data, ImageReport& report) {
  if (data.size() < 10) return;
  report.width = read_little_endian(data.subspan(4), 3) + 1;
  report.height = read_little_endian(data.subspan(7), 3) + 1;
}

void read_dimensions(ByteWindow& file, ImageReport& report) {
  const std::string type(as_text(file.view(chunk_at, 4)));
  const auto data = file.view(chunk_at + riff_head_size, 10);
  if (type == "VP8 ") read_vp8(data, report);
  if (type == "VP8L") read_vp8l(data, report);
  if (type == "VP8X") read_vp8x(data, report);
}

}  // namespace

ImageReport inspect_webp(ByteWindow& file) {
  ImageReport report;
  report.type = ImageType::webp;
  const std::uint64_t riff_size = read_little_endian(file.view(4, 4), 4);
  if (riff_size < smallest_riff) {
    return report_truncated(report, "the WebP is cut short: its size is not there yet");
  }
  read_dimensions(file, report);
  const std::uint64_t needed = riff_frame + riff_size;
  if (file.file_size() < needed) {
    return report_truncated(report, "the WebP is cut short: it should have " + std::to_string(needed) +
                                        " bytes, the file has " + std::to_string(file.file_size()));
  }
  report.state = ImageState::complete;
  return report;
}

}  // namespace reeld
