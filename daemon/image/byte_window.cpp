#include "image/byte_window.hpp"

#include <algorithm>
#include <vector>

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

bool find_bytes(ByteReader& file, std::uint64_t offset, std::string_view bytes) {
  constexpr std::size_t block_size = 64 << 10;
  std::vector<std::byte> block(block_size);
  while (true) {
    const std::size_t count = file.read_at(offset, block);
    if (as_text(std::span(block).first(count)).find(bytes) != std::string_view::npos) return true;
    if (count < block_size) return false;
    offset += count - (bytes.size() - 1);  // they may lie across the border
  }
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
