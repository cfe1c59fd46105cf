#include "image/samsung_trailer.hpp"

#include <string>

namespace reeld {
namespace {

constexpr std::uint64_t tail_size = 8;             // length, "SEFT"
constexpr std::uint64_t directory_head_size = 12;  // "SEFH", version, count
constexpr std::uint64_t entry_size = 12;           // kind, distance, size
constexpr std::uint64_t max_directory = 0xFFFF;
constexpr std::uint64_t min_block = 8;  // kind, length of the name

/// Whether that entry of the directory at `directory` leads to a block of its kind.
bool leads_to_block(ByteWindow& file, std::uint64_t from, std::uint64_t directory, std::uint64_t entry_at) {
  const auto entry = file.view(entry_at, entry_size);
  if (entry.size() < entry_size) return false;
  const std::string kind(as_text(entry.first(4)));
  const std::uint64_t distance = read_little_endian(entry.subspan(4), 4);
  const std::uint64_t size = read_little_endian(entry.subspan(8), 4);
  if (distance > directory - from || size > distance || size < min_block) return false;
  return as_text(file.view(directory - distance, 4)) == kind;
}

}  // namespace

bool ends_with_samsung_trailer(ByteWindow& file, std::uint64_t from) {
  const std::uint64_t end = file.file_size();
  if (end < from + tail_size + directory_head_size) return false;
  const auto tail = file.view(end - tail_size, tail_size);
  if (tail.size() < tail_size || as_text(tail.subspan(4)) != "SEFT") return false;
  const std::uint64_t length = read_little_endian(tail, 4);
  if (length < directory_head_size || length > max_directory || length + tail_size > end - from) return false;
  const std::uint64_t directory = end - tail_size - length;
  const auto head = file.view(directory, directory_head_size);
  if (head.size() < directory_head_size || as_text(head.first(4)) != "SEFH") return false;
  const std::uint64_t count = read_little_endian(head.subspan(8), 4);
  if (count == 0 || directory_head_size + entry_size * count > length) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!leads_to_block(file, from, directory, directory + directory_head_size + entry_size * i))
      return false;
  }
  return true;
}

}  // namespace reeld
