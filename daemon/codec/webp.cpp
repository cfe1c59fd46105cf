// WebP: a RIFF file of the form WEBP; the first chunk (VP8, VP8L or VP8X) has the size in pixels.
// Source: RFC 9649 2.3 to 2.7; RFC 6386 9.1 (VP8); RFC 9649 3.4 (VP8L).

#include "codec/image_formats.hpp"

namespace reeld {
namespace {

constexpr std::uint64_t riff_frame = 8;      // "RIFF" and the size itself
constexpr std::uint64_t smallest_riff = 12;  // "WEBP" and one chunk's head
constexpr std::uint64_t chunk_at = 12;
constexpr std::size_t riff_head_size = 8;
constexpr std::uint32_t fourteen_bits = 0x3FFF;

/// An odd size is followed by a byte of padding.
std::uint64_t pad(std::uint64_t size) {
  return size + (size & 1);
}

/// Each reads a chunk's first bytes into the report; false where they are not what they should be. Bytes that
/// the file does not have leave the report as it is.
bool read_vp8(std::span<const std::byte> data, ImageReport& report) {
  if (data.size() < 10) return true;
  if (as_text(data.subspan(3, 3)) != "\x9D\x01\x2A") return false;
  report.width = read_little_endian(data.subspan(6), 2) & fourteen_bits;
  report.height = read_little_endian(data.subspan(8), 2) & fourteen_bits;
  return true;
}

bool read_vp8l(std::span<const std::byte> data, ImageReport& report) {
  if (data.size() < 5) return true;
  if (data[0] != std::byte{0x2F}) return false;
  const std::uint32_t bits = read_little_endian(data.subspan(1), 4);
  report.width = (bits & fourteen_bits) + 1;
  report.height = (bits >> 14 & fourteen_bits) + 1;
  return true;
}

bool read_vp8x(std::span<const std::byte> data, ImageReport& report) {
  if (data.size() < 10) return true;
  report.width = read_little_endian(data.subspan(4), 3) + 1;
  report.height = read_little_endian(data.subspan(7), 3) + 1;
  return true;
}

bool read_first_chunk(ByteWindow& file, ImageReport& report) {
  const std::string type(as_text(file.view(chunk_at, 4)));
  const auto data = file.view(chunk_at + riff_head_size, 10);
  if (type == "VP8 ") return read_vp8(data, report);
  if (type == "VP8L") return read_vp8l(data, report);
  if (type == "VP8X") return read_vp8x(data, report);
  return false;
}

/// A file that was given its size before its bytes has zeros where its first chunk should be.
bool is_chunk_missing(ByteWindow& file) {
  const auto head = file.view(chunk_at, riff_head_size);
  return head.size() < riff_head_size || is_all_zero(head);
}

}  // namespace

ImageReport inspect_webp(ByteWindow& file) {
  ImageReport report;
  report.type = ImageType::webp;
  const std::uint64_t riff_size = read_little_endian(file.view(4, 4), 4);
  if (riff_size != 0 && riff_size < smallest_riff) {
    return report_unknown(report, "the WebP is not well-formed: its RIFF size leaves no room for an image");
  }
  if (riff_size == 0 || is_chunk_missing(file)) {
    return report_truncated(report, "the WebP is cut short: its first chunk is not there yet");
  }
  if (!read_first_chunk(file, report)) {
    return report_unknown(report,
                          "the WebP is not well-formed: it does not begin with a VP8, VP8L or VP8X chunk");
  }
  const std::uint64_t needed = riff_frame + pad(riff_size);
  if (file.file_size() < needed) {
    return report_truncated(report, "the WebP is cut short: it should have " + std::to_string(needed) +
                                        " bytes, the file has " + std::to_string(file.file_size()));
  }
  report.state = ImageState::complete;
  return report;
}

}  // namespace reeld
