#pragma once
// What the readers' tests take for a whole answer: codec's JSON stands above this floor.

#include <string>

namespace reeld::test {

inline bool is_braced(const std::string& body) {
  return body.starts_with('{') && body.ends_with('}');
}

}  // namespace reeld::test
