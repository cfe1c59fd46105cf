#pragma once
// Videos: type from the first bytes, and whether the structure is complete, as far as it tells. An error page
// is not a video, whatever its headers say.
//
// Threads: pure functions over a reader that the caller owns.
// Source: ISO/IEC 14496-12 4.2 (boxes), 4.3 (ftyp); RFC 8794 4, 5, 11 (EBML); RFC 9559 (Matroska).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "image/image.hpp"

namespace reeld {

enum class VideoType { mp4, webm };

std::string_view ending_of(VideoType type);  // "mp4", "webm": for the file name

/// As much of a file's beginning as its type can need.
inline constexpr std::size_t video_head_size = 1024;

/// By its first bytes: an `ftyp` box of a plausible size and no brand of a still picture or a sound; an EBML
/// head with the DocType webm or matroska. nullopt: it is no video, or these bytes are too few to tell.
std::optional<VideoType> find_video_type(std::span<const std::byte> head);

struct VideoReport {
  std::optional<VideoType> type;  // nullopt: it is no video
  bool is_whole = false;          // nothing in its structure says that its end is missing
  std::string reason;             // for people, where it is no whole video: what was expected and found
};

/// Of an MP4 file the boxes are followed to its end, and one that holds an index (moov) has to be among them;
/// of WebM the length of its Segment is looked at, where it has one. For replies that did not tell their
/// length: where one did, it is the better proof.
/// Errors: what `read_at` throws passes through.
VideoReport inspect_video(ByteReader& file);

}  // namespace reeld
