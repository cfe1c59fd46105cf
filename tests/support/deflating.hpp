#pragma once
// Bodies as a server compresses them.

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace reeld::test {

/// `window`: 31 for gzip, 15 for zlib, -15 for neither's header.
inline std::string deflate_as(int window, std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("deflate");
  return out;
}

inline std::string gzip(std::string_view text) {
  return deflate_as(31, text);
}
inline std::string zlib(std::string_view text) {
  return deflate_as(15, text);
}
inline std::string bare_deflate(std::string_view text) {
  return deflate_as(-15, text);
}

}  // namespace reeld::test
