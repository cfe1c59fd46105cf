#pragma once
// The image's bytes for an upload, straight from the file that the snapshot holds open. What the kernel has
// in memory is read at once on the loop's thread; only what has to come from the disk goes to a worker. What
// is read is digested, so that the ledger knows what was sent.

#include <boost/asio/thread_pool.hpp>

#include "net/exchange.hpp"
#include "spool/upload_marks.hpp"
#include "sys/content_hash.hpp"

namespace reeld {

class FileImageSource : public ImageSource {
 public:
  /// `fd`, `workers` and `mark` (told of every read; may be null) are kept by the caller; `size` is what the
  /// snapshot found.
  FileImageSource(int fd, std::uint64_t size, std::uint64_t digest_seed, boost::asio::thread_pool& workers,
                  UploadMark* mark = nullptr)
      : fd_(fd), size_(size), hash_(digest_seed), workers_(workers), mark_(mark) {}

  boost::asio::awaitable<std::size_t> read(std::span<std::byte> into) override;
  void rewind() override {
    offset_ = 0;
    hash_.restart();
  }
  /// Of the whole image; nullopt until its last byte was read.
  std::optional<ContentDigest> digest() const {
    return offset_ == size_ ? std::optional(hash_.digest()) : std::nullopt;
  }
  const std::string& failure() const override { return failure_; }

 private:
  int fd_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
  ContentHash hash_;
  boost::asio::thread_pool& workers_;
  UploadMark* mark_;
  std::string failure_;
};

}  // namespace reeld
