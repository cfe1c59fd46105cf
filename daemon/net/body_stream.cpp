#include "net/body_stream.hpp"

#include <algorithm>
#include <cstring>

namespace reeld {

namespace {
constexpr std::uint64_t chunk_size = 65536;
}

BodyStream::BodyStream(const Submission& submission, ImageSource& image)
    : image_(image),
      head_(submission.head),
      before_(submission.before_image),
      after_(submission.after_image),
      image_left_(submission.image_size),
      left_(head_.size() + before_.size() + image_left_ + after_.size()),
      room_(static_cast<std::size_t>(std::min(left_, chunk_size))),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(room_)) {}

boost::asio::awaitable<bool> BodyStream::fill() {
  filled_ = 0;
  append_text(head_);
  append_text(before_);
  if (image_left_ > 0 && filled_ < room_) {
    const bool is_read = co_await append_image();
    if (!is_read) co_return false;
  }
  if (image_left_ == 0) append_text(after_);
  left_ -= filled_;
  co_return true;
}

void BodyStream::append_text(std::string_view& text) {
  const std::size_t count = std::min(text.size(), room_ - filled_);
  std::memcpy(buffer_.get() + filled_, text.data(), count);
  text.remove_prefix(count);
  filled_ += count;
}

boost::asio::awaitable<bool> BodyStream::append_image() {
  const std::size_t room = room_ - filled_;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(room, image_left_));
  const std::size_t got = co_await image_.read(std::span(buffer_.get() + filled_, count));
  if (got < count) co_return false;
  filled_ += count;
  image_left_ -= count;
  co_return true;
}

}  // namespace reeld
