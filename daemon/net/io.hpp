#pragma once
// What one call on a socket that never blocks came to.

#include <cstddef>

namespace reeld {

struct Io {
  enum class State {
    done,        // `count` bytes went through
    want_read,   // try again once the socket is readable
    want_write,  // try again once the socket is writable; `count` bytes left an inner buffer meanwhile
    closed,      // the peer has ended its side
    failed,      // the connection is broken; its owner knows why
  };
  State state = State::failed;
  std::size_t count = 0;
};

}  // namespace reeld
