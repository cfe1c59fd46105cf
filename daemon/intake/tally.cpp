#include "intake/tally.hpp"

#include <cstring>
#include <utility>

namespace reeld {
namespace {

constexpr std::size_t first_size = 64;
constexpr std::uint64_t has_input = 1;
constexpr std::uint64_t has_result = 2;
constexpr std::uint64_t notes = has_input | has_result;
constexpr int note_bits = 2;

// The finaliser of splitmix64 (Steele, Lea, Flood, 2014): every bit of the input moves every bit of the
// output.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

std::uint64_t StemTally::hash(std::string_view stem) const {
  std::uint64_t value = mix(seed_ + stem.size());
  while (!stem.empty()) {
    std::uint64_t word = 0;
    const std::size_t length = stem.size() < sizeof word ? stem.size() : sizeof word;
    std::memcpy(&word, stem.data(), length);
    value = mix(value ^ word);
    stem.remove_prefix(length);
  }
  return value & ~notes;
}

std::size_t StemTally::find_slot(std::uint64_t value) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = static_cast<std::size_t>(value >> note_bits) & mask;
  while (slots_[slot] != 0 && (slots_[slot] & ~notes) != value) slot = (slot + 1) & mask;
  return slot;
}

void StemTally::grow() {
  const auto old =
      std::exchange(slots_, std::vector<std::uint64_t>(slots_.empty() ? first_size : slots_.size() * 2));
  for (const auto entry : old) {
    if (entry != 0) slots_[find_slot(entry & ~notes)] = entry;
  }
}

std::uint64_t& StemTally::obtain(std::string_view stem) {
  if (size_ * 2 >= slots_.size()) grow();
  const auto value = hash(stem);
  auto& entry = slots_[find_slot(value)];
  if (entry == 0) ++size_;
  entry |= value;
  return entry;
}

void StemTally::note_input(std::string_view stem) {
  auto& entry = obtain(stem);
  if ((entry & notes) == 0) ++unfinished_;
  entry |= has_input;
}

void StemTally::note_result(std::string_view stem) {
  auto& entry = obtain(stem);
  if ((entry & notes) == has_input) --unfinished_;
  entry |= has_result;
}

bool StemTally::is_finished(std::string_view stem) const {
  if (size_ == 0) return false;
  return (slots_[find_slot(hash(stem))] & has_result) != 0;
}

void StemTally::clear() {
  size_ = unfinished_ = 0;
  slots_.clear();
}

}  // namespace reeld
