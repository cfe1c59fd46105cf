#include "http/page_request.hpp"

#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"

namespace reeld {

int fuzz_page_request(const std::uint8_t* data, std::size_t size) {
  using State = PageRequestReader::State;
  const std::string_view text = as_text(data, size);
  PageRequestReader whole;
  whole.feed(text);
  PageRequestReader pieces;
  std::size_t fed = 0;
  for (; fed < size && pieces.state() == State::reading; ++fed) pieces.feed(text.substr(fed, 1));
  require(fed <= 2 * PageRequestReader::max_head + 1, "a head without end is cut off");
  if (size > PageRequestReader::max_head) return 0;  // how much is too much depends on the pieces
  // That a line is none may be seen earlier or later.
  require((whole.state() == State::whole) == (pieces.state() == State::whole), "pieces change nothing");
  require(whole.request().path == pieces.request().path, "pieces change nothing");
  if (whole.state() != State::whole) return 0;
  require(!whole.request().method.empty(), "a request has a method");
  require(whole.request().path.find('?') == std::string::npos, "a path has no query");
  return 0;
}

}  // namespace reeld
