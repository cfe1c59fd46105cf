#include "submit/file_image_source.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "async/offload.hpp"
#include "async/steady_now.hpp"

namespace reeld {
namespace {

/// What the page cache holds; -1 with EAGAIN where the disk would have to be waited for.
ssize_t read_cached(int fd, std::span<std::byte> into, std::uint64_t offset) {
  iovec vec{into.data(), into.size()};
  return ::preadv2(fd, &vec, 1, static_cast<off_t>(offset), RWF_NOWAIT);
}

/// A count, or minus the error number.
ssize_t read_waiting(int fd, std::span<std::byte> into, std::uint64_t offset) {
  while (true) {
    const ssize_t n = ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset));
    if (n >= 0) return n;
    if (errno != EINTR) return -errno;
  }
}

}  // namespace

boost::asio::awaitable<std::size_t> FileImageSource::read(std::span<std::byte> into) {
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - offset_));
  std::size_t done = 0;
  while (done < wanted) {
    const std::span<std::byte> rest = into.subspan(done, wanted - done);
    ssize_t n = read_cached(fd_, rest, offset_);
    if (n < 0) {
      auto work = [fd = fd_, rest, offset = offset_] { return read_waiting(fd, rest, offset); };
      n = co_await offload(workers_, std::move(work));
    }
    if (n <= 0) {
      failure_ = n == 0 ? "the image became shorter while it was sent"
                        : std::string("read the image: ") + std::strerror(static_cast<int>(-n));
      break;
    }
    hash_.add(rest.first(static_cast<std::size_t>(n)));
    done += static_cast<std::size_t>(n);
    offset_ += static_cast<std::uint64_t>(n);
  }
  if (mark_ != nullptr) mark_->all.note(mark_->job, offset_, steady_now());
  co_return done;
}

}  // namespace reeld
