#pragma once
// Which stems of a folder have inputs, and which have results, without their names: 64 bits a stem, so that a
// million of them fit into 16 MB. They are told apart by a seeded hash; two stems of one hash are taken for
// one until the next scan, which has another seed.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace reeld {

class StemTally {
 public:
  explicit StemTally(std::uint64_t seed) : seed_(seed) {}

  void note_input(std::string_view stem);
  void note_result(std::string_view stem);
  /// Whether it has a result.
  bool is_finished(std::string_view stem) const;
  /// How many have an input and no result.
  std::size_t unfinished() const { return unfinished_; }
  void clear();

 private:
  std::uint64_t hash(std::string_view stem) const;
  std::size_t find_slot(std::uint64_t value) const;
  std::uint64_t& obtain(std::string_view stem);
  void grow();

  std::uint64_t seed_;
  std::size_t size_ = 0;
  std::size_t unfinished_ = 0;
  std::vector<std::uint64_t>
      slots_;  // a power of two of them; the two lowest bits say what was noted, 0 is empty
};

}  // namespace reeld
