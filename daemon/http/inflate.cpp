#include "http/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

namespace reeld {
namespace {

constexpr int window_bits = 15;
constexpr int either_header = 32;  // added to them: gzip or zlib, as it comes

class Stream {
 public:
  Stream(std::string_view bytes, Wrapping wrapping) {
    // zlib reads through this pointer only; its C interface has no const for it.
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    state_.avail_in = static_cast<uInt>(bytes.size());
    const int bits = wrapping == Wrapping::raw ? -window_bits : window_bits + either_header;
    if (inflateInit2(&state_, bits) != Z_OK) throw std::bad_alloc();
  }
  ~Stream() { inflateEnd(&state_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// The next bytes of the output go to `to`. Z_OK: there are more, or more was to come.
  int step(std::string& to) {
    std::array<char, 16384> room;
    state_.next_out = reinterpret_cast<Bytef*>(room.data());
    state_.avail_out = static_cast<uInt>(room.size());
    const int code = inflate(&state_, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    to.append(room.data(), room.size() - state_.avail_out);
    is_room_left_ = state_.avail_out > 0;
    return code;
  }

  /// All that came was read, and there was room for what it stood for.
  bool is_out_of_bytes() const { return state_.avail_in == 0 && is_room_left_; }
  std::string_view rest() const { return {reinterpret_cast<const char*>(state_.next_in), state_.avail_in}; }
  void start_next_member() { inflateReset(&state_); }

 private:
  z_stream state_{};
  bool is_room_left_ = false;
};

}  // namespace

Inflated inflate_bytes(std::string_view bytes, Wrapping wrapping, std::size_t limit) {
  Stream stream(bytes, wrapping);
  Inflated out;
  for (;;) {
    const int code = stream.step(out.bytes);
    if (out.bytes.size() > limit) {
      out.bytes.resize(limit);
      out.end = Inflated::End::too_long;
      return out;
    }
    if (code == Z_STREAM_END) {
      out.end = Inflated::End::whole;
      if (wrapping == Wrapping::raw || !begins_as_gzip(bytes) || !begins_as_gzip(stream.rest())) return out;
      stream.start_next_member();
    } else if ((code == Z_OK || code == Z_BUF_ERROR) && stream.is_out_of_bytes()) {
      out.end = Inflated::End::cut;
      return out;
    } else if (code != Z_OK) {
      out.end = Inflated::End::broken;
      return out;
    }
  }
}

bool begins_as_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1F\x8B\x08");
}

bool begins_as_zlib(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const unsigned method = static_cast<unsigned char>(bytes[0]);
  const unsigned flags = static_cast<unsigned char>(bytes[1]);
  constexpr unsigned preset_dictionary = 0x20;
  return (method & 0x0FU) == 8 && method >> 4U <= 7 && (method * 256 + flags) % 31 == 0 &&
         (flags & preset_dictionary) == 0;
}

}  // namespace reeld
