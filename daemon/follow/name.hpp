#pragma once
// The names of what following puts beside a pair, and of former takes. With core/spool_name the only place
// that builds or reads file names.
//
// Threads: pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "follow/rules.hpp"

namespace reeld {

/// "STEM.mp4", "STEM.webm"; "STEM.thumbnail.jpg", "STEM.spritesheet.webp". `ending`: without its dot.
std::string video_name(std::string_view stem, FollowVariant variant, std::string_view ending);

/// What is not whole yet: ".STEM.video.job17.reeld-part", hidden. `job`: the ledger's number, so that two
/// takes of one pair never share it. The stem is cut where the name would be too long.
std::string partial_name(std::string_view stem, FollowVariant variant, std::int64_t job);
bool is_partial_name(std::string_view file_name);

/// A former take's: "STEM.take1.mp4" of "STEM.mp4", "STEM.take1.job.json" of "STEM.job.json". `take` counts
/// from 1. Precondition: `name` begins with the stem and a dot.
std::string take_name(std::string_view stem, std::string_view name, std::uint32_t take);

/// What such a name says.
struct FollowName {
  std::string_view stem;  // into the name that was read
  FollowVariant variant = FollowVariant::video;
  std::string_view ending;  // "mp4"
  std::uint32_t take = 0;   // 0: the present one
};
/// nullopt: it is no such name. Endings are reeld's own and exact: mp4, webm; png, jpg, webp.
std::optional<FollowName> read_follow_name(std::string_view file_name);

/// Whether the name is one of these, or of a former take's answer: never an input, though it may have an
/// image's ending.
bool is_follow_result(std::string_view file_name);

/// Whether the names of all of them fit into the 255 bytes that a file name may have.
bool is_follow_nameable(std::string_view stem);

}  // namespace reeld
