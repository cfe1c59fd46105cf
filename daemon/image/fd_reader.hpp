#pragma once
// A file's bytes by pread, for the codecs that read at random.
//
// Errors: read_at throws std::system_error.

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "image/image.hpp"

namespace reeld {

class FdReader : public ByteReader {
 public:
  FdReader(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

  std::uint64_t size() const override { return size_; }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t n =
          ::pread(fd_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw std::system_error(errno, std::generic_category(), "read the image");
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

 private:
  int fd_;
  std::uint64_t size_;
};

}  // namespace reeld
