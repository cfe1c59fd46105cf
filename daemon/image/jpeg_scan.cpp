#include "image/jpeg_scan.hpp"

#include <cstring>
#include <optional>
#include <vector>

#include "image/jpeg_segment.hpp"

namespace reeld {
namespace {

constexpr std::size_t block_size = 64 << 10;

/// Finds markers: an FF followed by neither a stuffed zero, nor a restart's number, nor another FF.
class MarkerSearch {
 public:
  explicit MarkerSearch(ByteReader& file) : file_(file), block_(block_size) {}

  struct Marker {
    unsigned code;
    std::uint64_t end;  // where the marker ends in the file
  };

  /// nullopt at the file's end.
  std::optional<Marker> find(std::uint64_t offset) {
    while (true) {
      const auto prefix = find_prefix(offset);
      if (!prefix || !make_available(*prefix, 2)) return std::nullopt;
      const auto code = std::to_integer<unsigned>(block_[static_cast<std::size_t>(*prefix - start_) + 1]);
      const bool is_fill = code == 0xFF;
      if (!is_fill && code != 0x00 && !is_restart(code)) return Marker{code, *prefix + 2};
      offset = *prefix + (is_fill ? 1 : 2);
    }
  }

 private:
  std::optional<std::uint64_t> find_prefix(std::uint64_t offset) {
    while (make_available(offset, 1)) {
      const std::byte* const from = block_.data() + (offset - start_);
      const void* const found = std::memchr(from, 0xFF, static_cast<std::size_t>(start_ + length_ - offset));
      if (found != nullptr)
        return start_ + static_cast<std::uint64_t>(static_cast<const std::byte*>(found) - block_.data());
      offset = start_ + length_;
    }
    return std::nullopt;
  }

  bool make_available(std::uint64_t offset, std::size_t count) {
    if (offset >= start_ && offset + count <= start_ + length_) return true;
    start_ = offset;
    length_ = file_.read_at(offset, block_);
    return length_ >= count;
  }

  ByteReader& file_;
  std::vector<std::byte> block_;
  std::uint64_t start_ = 0;
  std::size_t length_ = 0;
};

}  // namespace

ScanEnd find_end_of_image(ByteWindow& file, std::uint64_t offset) {
  MarkerSearch search(file.file());
  while (const auto marker = search.find(offset)) {
    if (marker->code == jpeg_eoi) return ScanEnd::found;
    if (marker->code < 0xC0 || marker->code == jpeg_soi) return ScanEnd::malformed;
    const auto segment = file.view(marker->end, 2 + segment_look);
    if (segment.size() < 2) return ScanEnd::missing;
    const std::uint32_t length = read_big_endian(segment, 2);
    if (length < 2) return ScanEnd::malformed;
    offset = marker->end + length;
    if (offset > file.file_size()) {
      const bool is_cut = is_plausible_segment(marker->code, length, segment.subspan(2));
      return is_cut ? ScanEnd::missing : ScanEnd::malformed;
    }
  }
  return ScanEnd::missing;
}

}  // namespace reeld
