#include "runtime/intake_hash_set.hpp"

#include <cstring>
#include <utility>

namespace reeld {
namespace {

constexpr std::size_t first_size = 64;

// The finaliser of splitmix64 (Steele, Lea, Flood, 2014): every bit of the input moves every bit of the
// output.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

std::uint64_t StemHashSet::hash(std::string_view stem) const {
  std::uint64_t value = mix(seed_ + stem.size());
  while (!stem.empty()) {
    std::uint64_t word = 0;
    const std::size_t length = stem.size() < sizeof word ? stem.size() : sizeof word;
    std::memcpy(&word, stem.data(), length);
    value = mix(value ^ word);
    stem.remove_prefix(length);
  }
  return value == 0 ? 1 : value;
}

std::size_t StemHashSet::find_slot(std::uint64_t value) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = static_cast<std::size_t>(value) & mask;
  while (slots_[slot] != 0 && slots_[slot] != value) slot = (slot + 1) & mask;
  return slot;
}

void StemHashSet::grow() {
  const auto old =
      std::exchange(slots_, std::vector<std::uint64_t>(slots_.empty() ? first_size : slots_.size() * 2));
  for (const auto value : old) {
    if (value != 0) slots_[find_slot(value)] = value;
  }
}

void StemHashSet::insert(std::string_view stem) {
  if (size_ * 2 >= slots_.size()) grow();
  const auto value = hash(stem);
  auto& slot = slots_[find_slot(value)];
  if (slot == 0) ++size_;
  slot = value;
}

bool StemHashSet::contains(std::string_view stem) const {
  if (size_ == 0) return false;
  return slots_[find_slot(hash(stem))] != 0;
}

void StemHashSet::clear() {
  size_ = 0;
  slots_.clear();
}

}  // namespace reeld
