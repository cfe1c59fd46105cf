#include "net/reply_receiver.hpp"

#include <algorithm>
#include <array>

#include "http/content_coding.hpp"

namespace reeld {

ReadStatus ReplyReceiver::listen(Connection& connection) {
  // On the stack, so that an exchange that waits for minutes holds no buffer.
  std::array<std::byte, 16384> room;
  for (;;) {
    const Io io = connection.read(room);
    if (io.state == Io::State::closed) return take_end();
    if (io.state == Io::State::failed) return take_break();
    if (io.state != Io::State::done) return is_between_replies() ? ReadStatus::nothing : ReadStatus::partial;
    const ReadStatus status = take_bytes(std::span(room).first(io.count));
    if (status == ReadStatus::complete || status == ReadStatus::failed) return status;
  }
}

ReadStatus ReplyReceiver::take_bytes(std::span<const std::byte> bytes) {
  untouched_ = false;
  const std::size_t taken = reader_.feed(bytes);
  if (reader_.state() == ReplyReader::State::failed) return ReadStatus::failed;
  if (taken < bytes.size()) surplus_ = true;
  const auto last = bytes.last(std::min<std::size_t>(bytes.size(), 3));
  tail_.append(reinterpret_cast<const char*>(last.data()), last.size());
  tail_.erase(0, tail_.size() - std::min<std::size_t>(tail_.size(), 3));
  return reader_.state() == ReplyReader::State::complete ? ReadStatus::complete : ReadStatus::partial;
}

ReadStatus ReplyReceiver::take_end() {
  reader_.end_of_stream();
  if (reader_.state() == ReplyReader::State::failed) return ReadStatus::failed;
  return reader_.state() == ReplyReader::State::complete ? ReadStatus::complete : ReadStatus::closed;
}

ReadStatus ReplyReceiver::settle() {
  reader_.settle();
  if (reader_.state() == ReplyReader::State::complete) return ReadStatus::complete;
  return reader_.state() == ReplyReader::State::failed ? ReadStatus::failed : ReadStatus::partial;
}

// All of an answer may have come before.
ReadStatus ReplyReceiver::take_break() {
  return reader_.is_open_ended() && settle() == ReadStatus::complete ? ReadStatus::complete
                                                                     : ReadStatus::broken;
}

// An empty line while the final reply's head is not there: an interim reply has just ended.
bool ReplyReceiver::is_between_replies() const {
  if (reader_.state() != ReplyReader::State::partial) return true;
  if (reader_.is_open_ended()) return false;
  return !reader_.has_head() && (tail_.ends_with("\n\r\n") || tail_.ends_with("\n\n"));
}

Reply ReplyReceiver::take_reply() {
  Reply reply = reader_.take_reply();
  take_codings_off(reply, ReplyLimits{}.body);
  return reply;
}

std::optional<Reply> ReplyReceiver::take_cut_reply() {
  reader_.settle();
  reader_.keep_rest();
  if (!reader_.has_head() && reader_.reply().body.empty()) return std::nullopt;
  return take_reply();
}

std::string ReplyReceiver::explain(ReadStatus status, const Connection& connection) const {
  if (status == ReadStatus::failed)
    return "what " + connection.peer() + " sent is not a usable reply: " + reader_.failure();
  if (status == ReadStatus::broken) return "the connection broke (" + connection.error() + ")";
  if (!reader_.failure().empty()) return reader_.failure();
  return "the server closed the connection";
}

}  // namespace reeld
