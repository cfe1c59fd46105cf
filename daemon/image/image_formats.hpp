#pragma once
// One inspector a format, for image.cpp alone. Each is called once the whole of its signature has been found.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "image/byte_window.hpp"
#include "image/image.hpp"

namespace reeld {

ImageReport inspect_png(ByteWindow& file);
ImageReport inspect_jpeg(ByteWindow& file);
ImageReport inspect_webp(ByteWindow& file);

/// Both keep the type and the size in pixels that `report` has.
ImageReport report_truncated(ImageReport report, std::string reason);
ImageReport report_unknown(ImageReport report, std::string reason);

/// What the file's first bytes look like when they are none of ours: "a GIF", "HTML", "bytes 01 02 03 04".
std::string describe_foreign_file(std::span<const std::byte> head);

/// Where something else was expected: a file that was given its size before its bytes has zeros to its end.
bool is_all_zero(std::span<const std::byte> bytes);

/// ... but no block of a file is smaller than this, so that zeros before this offset are what the file holds.
inline constexpr std::uint64_t smallest_hole = 512;

}  // namespace reeld
