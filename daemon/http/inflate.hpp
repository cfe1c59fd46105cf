#pragma once
// Deflate streams, in one piece and within a limit; zlib is the codec.
//
// Errors: a stream that does not end well still gives what could be read of it. std::bad_alloc where memory
// is short. Source: RFC 1950 (zlib), 1951 (deflate), 1952 (gzip).

#include <cstddef>
#include <string>
#include <string_view>

namespace reeld {

enum class Wrapping {
  headed,  // gzip (of several members, too) or zlib: its first bytes tell which
  raw,     // neither
};

struct Inflated {
  enum class End {
    whole,     // and its checksum is right, where it has one
    cut,       // more was to come
    broken,    // not such a stream, or a damaged one
    too_long,  // more than the limit
  };
  End end = End::broken;
  std::string bytes;  // as many as could be read, at most `limit`
};

/// What stands behind the stream's end is passed over.
Inflated inflate_bytes(std::string_view bytes, Wrapping wrapping, std::size_t limit);

/// By the first bytes.
bool begins_as_gzip(std::string_view bytes);
bool begins_as_zlib(std::string_view bytes);

}  // namespace reeld
