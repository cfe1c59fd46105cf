#pragma once
// A submission's bytes before the closing boundary, in order and in chunks of up to 64 KiB from one reused
// buffer: head and first fields travel with the image's first bytes, the last fields with its last.
//
// Lifetime: the submission and the image outlive it.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "net/exchange.hpp"

namespace reeld {

class BodyStream {
 public:
  BodyStream(const Submission& submission, ImageSource& image);

  /// All has been filled into chunks.
  bool is_done() const { return left_ == 0; }
  /// Bytes of the image that no chunk has held yet.
  std::uint64_t image_left() const { return image_left_; }
  /// Fills the next chunk. False: the image could not be read; its `failure()` says why.
  boost::asio::awaitable<bool> fill();
  std::span<const std::byte> chunk() const { return {buffer_.get(), filled_}; }

 private:
  void append_text(std::string_view& text);
  boost::asio::awaitable<bool> append_image();

  ImageSource& image_;
  std::string_view head_;
  std::string_view before_;
  std::string_view after_;
  std::uint64_t image_left_;
  std::uint64_t left_;
  std::size_t room_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t filled_ = 0;
};

}  // namespace reeld
