#pragma once
// Takes in whatever of a reply has arrived on a connection, without waiting.

#include <cstddef>
#include <optional>
#include <string>

#include "codec/job_json.hpp"
#include "http/http_message.hpp"
#include "net/connection.hpp"

namespace reeld {

enum class ReadStatus {
  nothing,   // not a byte of a final reply
  partial,   // a part of it
  complete,  // all of it
  failed,    // something that is no reply, or too long a one
  closed,    // the peer has closed, and what arrived is not whole
  broken,    // the connection failed, and what arrived is not whole
};

class ReplyReceiver {
 public:
  /// `no_body`: see ReplyReader.
  explicit ReplyReceiver(bool no_body = false)
      : reader_(ReplyLimits{.is_whole_answer = is_json_object}, no_body) {}

  ReadStatus listen(Connection& connection);
  /// Without the codings that could be taken off its body.
  Reply take_reply();
  /// A success has begun: its status line says so, whether or not the rest has come.
  bool hears_success() const { return reader_.status() >= 200 && reader_.status() <= 299; }
  /// What arrived of a reply that will not be whole, as its body; of one that is cut in its head, that.
  /// nullopt: not a byte did.
  std::optional<Reply> take_cut_reply();
  /// See ReplyReader: the reply may have said all that it will say.
  bool is_open_ended() const { return reader_.is_open_ended(); }
  /// ... and it has not even a status.
  bool is_no_reply() const { return reader_.is_open_ended() && reader_.status() == 0; }
  /// Ends an open-ended reply, if what came of it is enough. What is heard then.
  ReadStatus settle();
  /// Bytes came that nobody asked for: the connection must not be used again.
  bool has_surplus() const { return surplus_; }
  bool keeps_alive() const { return reader_.keeps_alive() && !surplus_; }
  /// Not a byte has arrived, not even of an interim reply.
  bool is_untouched() const { return untouched_; }
  /// What went wrong when `failed`, `closed` or `broken` was heard: "the server closed the connection" and
  /// the like.
  std::string explain(ReadStatus status, const Connection& connection) const;

 private:
  ReadStatus take_bytes(std::span<const std::byte> bytes);
  ReadStatus take_end();
  ReadStatus take_break();
  bool is_between_replies() const;

  ReplyReader reader_;
  bool surplus_ = false;
  bool untouched_ = true;
  std::string tail_;  // the last bytes that arrived
};

}  // namespace reeld
