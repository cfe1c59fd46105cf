#pragma once
// The search for a JPEG's end through its entropy-coded data, in blocks. Source: ITU-T T.81 B.1.1.2, B.1.1.5,
// F.1.2.3.

#include <cstdint>

#include "image/byte_window.hpp"

namespace reeld {

inline constexpr unsigned jpeg_soi = 0xD8;
inline constexpr unsigned jpeg_eoi = 0xD9;
inline constexpr unsigned jpeg_sos = 0xDA;

constexpr bool is_restart(unsigned marker) {
  return marker >= 0xD0 && marker <= 0xD7;
}

enum class ScanEnd { found, missing, malformed };

/// Looks for EOI from `offset`, which lies within a scan; segments between scans are passed over by their
/// length.
ScanEnd find_end_of_image(ByteWindow& file, std::uint64_t offset);

}  // namespace reeld
