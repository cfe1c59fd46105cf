#pragma once
// Small images made by hand, complete in their structure and of the size that a test asks for. Their pixels
// are noise.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::test {

using namespace std::string_literals;

inline std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

inline std::size_t remaining(std::size_t total, std::size_t used) {
  return total > used ? total - used : 0;
}

/// Integers as bytes.
inline std::string little_endian(std::uint64_t number, std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  return bytes;
}

inline std::string big_endian(std::uint64_t number, std::size_t count) {
  std::string bytes = little_endian(number, count);
  std::ranges::reverse(bytes);
  return bytes;
}

/// Bytes that look random, the same each time.
inline std::string make_noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 2463534242;
  for (char& c : bytes) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    c = static_cast<char>(state & 0xFF);
  }
  return bytes;
}

/// One PNG chunk, with its CRC.
inline std::string png_chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  return big_endian(data.size(), 4) + body + big_endian(crc32(body), 4);
}

inline std::string png_signature() {
  return "\x89PNG\r\n\x1A\n";
}

/// IHDR for that size: 8 bits, RGB.
inline std::string png_header(std::uint32_t width, std::uint32_t height) {
  return png_chunk("IHDR", big_endian(width, 4) + big_endian(height, 4) + "\x08\x02\x00\x00\x00"s);
}

/// A complete PNG of `total_size` bytes, or as small as it can be (69).
inline std::string make_png(std::uint32_t width, std::uint32_t height, std::size_t total_size = 0) {
  constexpr std::size_t chunk_frame = 12;
  constexpr std::size_t chunk_size = 8192;  // as libpng writes them
  const std::string end = png_chunk("IEND", "");
  std::string png = png_signature() + png_header(width, height);
  do {
    const std::size_t room = remaining(total_size, png.size() + end.size() + chunk_frame);
    const bool leaves_too_little = room > chunk_size && room < chunk_size + chunk_frame;
    const std::size_t take = leaves_too_little ? chunk_size - chunk_frame : std::min(room, chunk_size);
    png += png_chunk("IDAT", make_noise(take));
  } while (png.size() + end.size() < total_size);
  return png + end;
}

/// One JPEG segment: marker, length, data.
inline std::string jpeg_segment(unsigned marker, std::string_view data) {
  return "\xFF"s + static_cast<char>(marker) + big_endian(data.size() + 2, 2) + std::string(data);
}

/// SOFn for three components.
inline std::string jpeg_frame(unsigned marker, std::uint32_t width, std::uint32_t height) {
  const std::string components = "\x01\x22\x00\x02\x11\x01\x03\x11\x01"s;
  return jpeg_segment(marker, "\x08"s + big_endian(height, 2) + big_endian(width, 2) + "\x03" + components);
}

/// SOS for the first `components` of them.
inline std::string jpeg_scan_head(unsigned components) {
  std::string data = big_endian(components, 1);
  for (unsigned i = 1; i <= components; ++i) data += big_endian(i, 1) + "\x00"s;
  return jpeg_segment(0xDA, data + "\x00\x3F\x00"s);
}

/// Entropy-coded data, with stuffed zeros and restart markers, and no other marker.
inline std::string jpeg_noise(std::size_t size) {
  std::string bytes = make_noise(size);
  std::ranges::replace(bytes, '\xFF', '\xFE');
  for (std::size_t at = 10; at + 1 < size; at += 97) {
    bytes[at] = '\xFF';
    bytes[at + 1] = at % 2 == 0 ? '\0' : '\xD3';
  }
  return bytes;
}

/// A complete baseline JPEG of `total_size` bytes, or as small as it can be (below 100).
inline std::string make_jpeg(std::uint32_t width, std::uint32_t height, std::size_t total_size = 0) {
  const std::string jfif = jpeg_segment(0xE0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"s);
  const std::string head = "\xFF\xD8" + jfif + jpeg_frame(0xC0, width, height) + jpeg_scan_head(3);
  return head + jpeg_noise(std::max<std::size_t>(8, remaining(total_size, head.size() + 2))) + "\xFF\xD9";
}

inline std::string webp_chunk(std::string_view type, std::string_view data) {
  return std::string(type) + little_endian(data.size(), 4) + std::string(data) +
         std::string(data.size() % 2, '\0');
}

/// A RIFF file of the form WEBP with these chunks.
inline std::string webp_file(std::string_view chunks) {
  return "RIFF" + little_endian(chunks.size() + 4, 4) + "WEBP" + std::string(chunks);
}

/// A complete WebP of `total_size` bytes (which is even), or as small as it can be (38).
inline std::string make_webp(std::uint32_t width, std::uint32_t height, std::size_t total_size = 0) {
  const std::string frame = "\x10\x00\x00\x9D\x01\x2A"s + little_endian(width, 2) + little_endian(height, 2);
  const std::size_t noise = std::max<std::size_t>(8, remaining(total_size, 20 + frame.size()));
  return webp_file(webp_chunk("VP8 ", frame + make_noise(noise)));
}

}  // namespace reeld::test
