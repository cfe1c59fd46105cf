#pragma once
// Bytes in and out of a connected socket, without blocking and without SIGPIPE.
//
// Lifetime: does not own the descriptor. Errors: the errno of the last failure is kept.

#include <cstdint>
#include <span>

#include "net/io.hpp"

namespace reeld {

class RawSocket {
 public:
  explicit RawSocket(int fd) : fd_(fd) {}

  Io read(std::span<std::byte> into);
  Io write(std::span<const std::byte> bytes);
  /// The errno of the last failure, 0 where there was none.
  int error() const { return error_; }
  /// How many bytes it has taken from the beginning, as they go over the wire.
  std::uint64_t taken() const { return taken_; }
  /// How many bytes have come in.
  std::uint64_t come() const { return come_; }

 private:
  Io fail(int error, Io::State blocked);

  int fd_;
  int error_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t come_ = 0;
};

}  // namespace reeld
