#pragma once
// Small changes to inputs, the same for the same seed.

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "fuzz/seeds.hpp"

namespace reeld {

class Mutator {
 public:
  /// Keeps a reference to `seeds`.
  Mutator(const Seeds& seeds, std::uint32_t seed) : seeds_(seeds), dice_(seed) {}

  /// One of the inputs, changed in one to four places.
  std::string make_input();

 private:
  std::size_t throw_dice(std::size_t sides) { return dice_() % sides; }
  void change(std::string& input);
  void insert_word(std::string& input, std::size_t at);
  void splice(std::string& input, std::size_t at);

  const Seeds& seeds_;
  std::minstd_rand dice_;
};

}  // namespace reeld
