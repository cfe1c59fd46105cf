#include "codec/byte_window.hpp"

#include <algorithm>

namespace reeld {

std::span<const std::byte> ByteWindow::view(std::uint64_t offset, std::size_t count) {
  const bool is_inside =
      offset >= start_ && offset - start_ <= length_ && length_ - (offset - start_) >= count;
  if (!is_inside) load(offset);
  const auto skip = static_cast<std::size_t>(offset - start_);
  return std::span<const std::byte>(bytes_).subspan(skip, std::min(count, length_ - skip));
}

void ByteWindow::load(std::uint64_t offset) {
  start_ = offset;
  length_ = offset < file_size_ ? file_.read_at(offset, bytes_) : 0;
}

std::uint32_t read_big_endian(std::span<const std::byte> bytes, std::size_t count) {
  std::uint32_t number = 0;
  for (const std::byte byte : bytes.first(count)) number = number << 8 | std::to_integer<std::uint32_t>(byte);
  return number;
}

std::uint32_t read_little_endian(std::span<const std::byte> bytes, std::size_t count) {
  std::uint32_t number = 0;
  for (std::size_t i = count; i > 0; --i) number = number << 8 | std::to_integer<std::uint32_t>(bytes[i - 1]);
  return number;
}

}  // namespace reeld
