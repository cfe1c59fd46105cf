#pragma once
// A file seen through a window of 4 KiB, so that a walk along its headers costs few reads; and the integers
// in it.
//
// Lifetime: keeps a reference to the reader that it was made with.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "image/image.hpp"

namespace reeld {

class ByteWindow {
 public:
  static constexpr std::size_t width = 4096;

  explicit ByteWindow(ByteReader& file) : file_(file), file_size_(file.size()) {}

  /// As it was when the window was opened.
  std::uint64_t file_size() const { return file_size_; }
  ByteReader& file() { return file_; }

  /// `count` bytes (at most `width`) at `offset`, fewer at the file's end. Valid until the next call.
  std::span<const std::byte> view(std::uint64_t offset, std::size_t count);

 private:
  void load(std::uint64_t offset);

  ByteReader& file_;
  std::uint64_t file_size_;
  std::array<std::byte, width> bytes_{};
  std::uint64_t start_ = 0;  // of the window in the file
  std::size_t length_ = 0;
};

/// Whether `bytes` stand anywhere in the file from `offset` on. Reads to the file's end, in blocks.
bool find_bytes(ByteReader& file, std::uint64_t offset, std::string_view bytes);

/// The bytes as text, to be compared with names.
inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The first `count` bytes (at most 4) as an integer.
std::uint32_t read_big_endian(std::span<const std::byte> bytes, std::size_t count);
std::uint32_t read_little_endian(std::span<const std::byte> bytes, std::size_t count);

}  // namespace reeld
