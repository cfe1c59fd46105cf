#pragma once
// The stems that have a result, by a seeded hash of 64 bits each, so that a million of them fit into 16 MB.
// Two stems of one hash are taken for one; the next scan has another seed, and tells them apart.

#include <cstdint>
#include <string_view>
#include <vector>

namespace reeld {

class StemHashSet {
 public:
  explicit StemHashSet(std::uint64_t seed) : seed_(seed) {}

  void insert(std::string_view stem);
  bool contains(std::string_view stem) const;
  std::size_t size() const { return size_; }
  void clear();

 private:
  std::uint64_t hash(std::string_view stem) const;
  std::size_t find_slot(std::uint64_t value) const;
  void grow();

  std::uint64_t seed_;
  std::size_t size_ = 0;
  std::vector<std::uint64_t> slots_;  // a power of two; 0 is empty
};

}  // namespace reeld
