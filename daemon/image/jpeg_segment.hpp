#pragma once
// Whether bytes that could be a JPEG segment are one. A walk that follows a length which is none comes out
// anywhere, and proves nothing. Source: ITU-T T.81 B.2; JFIF 1.02 and Exif 2.3 for the names of APPn
// segments.

#include <cstddef>
#include <cstdint>
#include <span>

namespace reeld {

/// As much of a segment as `is_plausible_segment` looks at.
inline constexpr std::size_t segment_look = 64;

/// SOFn: all of C0 to CF but DHT, JPG and DAC.
constexpr bool is_jpeg_frame(unsigned marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// `length`: as the segment says it, its own two bytes included; `data`: what follows it, up to
/// `segment_look`.
bool is_plausible_segment(unsigned marker, std::uint32_t length, std::span<const std::byte> data);

}  // namespace reeld
