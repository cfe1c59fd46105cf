#include "fuzz/mutator.hpp"

namespace reeld {

std::string Mutator::make_input() {
  std::string input = seeds_.inputs[throw_dice(seeds_.inputs.size())];
  const std::size_t changes = 1 + throw_dice(4);
  for (std::size_t i = 0; i < changes; ++i) change(input);
  return input;
}

void Mutator::change(std::string& input) {
  if (input.empty()) return insert_word(input, 0);
  const std::size_t at = throw_dice(input.size());
  const std::size_t length = 1 + throw_dice(8);
  switch (throw_dice(7)) {
    case 0:
      input[at] = static_cast<char>(throw_dice(256));
      break;
    case 1:
      input[at] = static_cast<char>(input[at] ^ (1 << throw_dice(8)));
      break;
    case 2:
      input.erase(at, length);
      break;
    case 3:
      input.insert(at, input.substr(at, length));
      break;
    case 4:
      input.resize(at);
      break;
    case 5:
      insert_word(input, at);
      break;
    default:
      splice(input, at);
  }
}

void Mutator::insert_word(std::string& input, std::size_t at) {
  input.insert(at, seeds_.words[throw_dice(seeds_.words.size())]);
}

/// Continues with the end of another input.
void Mutator::splice(std::string& input, std::size_t at) {
  const std::string& other = seeds_.inputs[throw_dice(seeds_.inputs.size())];
  input.replace(at, std::string::npos, other.substr(throw_dice(other.size() + 1)));
}

}  // namespace reeld
