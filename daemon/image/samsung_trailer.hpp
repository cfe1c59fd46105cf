#pragma once
// What Samsung's cameras write behind a picture: blocks (sound, depth, other shots), a directory of them, and
// the mark that ends it. Some of their JPEGs have no end-of-image marker before it.
//
//   blocks  "SEFH" version count { kind(4) distance(4) size(4) } * count  length-of-directory(4) "SEFT"
//
// Integers are little-endian; a distance is counted back from the directory's first byte; each block begins
// with the four bytes of its kind. Source: ExifTool, Samsung.pm (ProcessSamsung), which has it from files.

#include <cstdint>

#include "image/byte_window.hpp"

namespace reeld {

/// Whether the file ends with a whole one, all of it behind byte `from`.
bool ends_with_samsung_trailer(ByteWindow& file, std::uint64_t from);

}  // namespace reeld
