#pragma once
// A ByteReader over bytes in memory, which counts what is read of it.

#include <algorithm>
#include <cstring>
#include <string>

#include "image/image.hpp"

namespace reeld::test {

class TextReader : public ByteReader {
 public:
  explicit TextReader(std::string bytes) : bytes_(std::move(bytes)) {}

  std::uint64_t size() const override { return bytes_.size(); }

  std::size_t read_at(std::uint64_t offset, std::span<std::byte> into) override {
    ++reads;
    if (offset >= bytes_.size()) return 0;
    const std::size_t count = std::min(into.size(), bytes_.size() - static_cast<std::size_t>(offset));
    std::memcpy(into.data(), bytes_.data() + offset, count);
    bytes_read += count;
    return count;
  }

  int reads = 0;
  std::size_t bytes_read = 0;

 private:
  std::string bytes_;
};

inline ImageReport inspect_text(std::string bytes) {
  TextReader reader(std::move(bytes));
  return inspect_image(reader);
}

}  // namespace reeld::test
