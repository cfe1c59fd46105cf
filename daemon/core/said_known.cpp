#include "core/said_known.hpp"

#include <string_view>

namespace reeld {
namespace {

constexpr std::uint64_t mark_of_before = 1;

/// FNV-1a, of 64 bits. Source: draft-eastlake-fnv, section 2.
class Hash {
 public:
  void add(std::string_view text) {
    add(text.size());
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
  }
  void add(std::uint64_t number) {
    for (int byte = 0; byte < 8; ++byte) add_byte(static_cast<unsigned char>(number >> (8 * byte)));
  }
  std::uint64_t value() const { return value_; }

 private:
  void add_byte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001B3U; }

  std::uint64_t value_ = 0xCBF29CE484222325U;
};

/// What was not read is told by its size and time.
void add_content(Hash& hash, const std::optional<ContentDigest>& digest, const FileIdentity& stamp) {
  hash.add(digest ? digest->high : stamp.size);
  hash.add(digest ? digest->low : static_cast<std::uint64_t>(stamp.mtime_ns));
}

}  // namespace

std::uint64_t mark_of(const Recognition& recognition) {
  const FoundPair& found = recognition.found;
  Hash hash;
  hash.add(found.name.folder);
  hash.add(found.name.stem);
  if (recognition.match == PairMatch::half_replaced) {
    add_content(hash, found.digests.prompt, found.stamps.prompt);
    add_content(hash, found.digests.image, found.stamps.image);
  }
  return hash.value() <= mark_of_before ? mark_of_before + 1 : hash.value();
}

bool is_said(const Recognition& recognition) {
  const std::uint64_t mark = recognition.known->said_mark;
  if (mark == mark_of_before) return recognition.match == PairMatch::same;
  return mark == mark_of(recognition);
}

}  // namespace reeld
