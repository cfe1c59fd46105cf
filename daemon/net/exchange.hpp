#pragma once
// One submission over one connection, from its first byte to the last of the answer: the upload, the commit
// point, the wait. This header is what the rest of reeld knows of it.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/clock.hpp"
#include "http/http_message.hpp"

namespace reeld {

class Connection;

/// Where the image's bytes come from. Owned by the caller, who keeps it until the exchange has ended.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  /// Fills `into` from where the last read ended. Fewer bytes than asked for mean an error: the file has
  /// shrunk or cannot be read; `failure()` then says why.
  virtual boost::asio::awaitable<std::size_t> read(std::span<std::byte> into) = 0;
  virtual const std::string& failure() const = 0;
  /// The next read begins at the image's first byte again: a kept connection turned out to be closed, and the
  /// upload starts over on a fresh one.
  virtual void rewind() = 0;
};

/// The seam of the commit point. Owned by the caller, who keeps it until the exchange has ended.
class CommitGate {
 public:
  virtual ~CommitGate() = default;
  /// Called once, when the connection stands and the last byte of the image was read, and before it is sent:
  /// the intent may now be recorded, while the rest goes up. Earlier only where the server begins a success.
  /// Must not block. It stays good when the upload starts over (`rewind`).
  virtual void prepare() = 0;
  /// Called once, after the last byte before the closing boundary and the wait that follows it. Returns when
  /// the intent is durable and both files have been found unchanged: nullopt means go; a text says why not,
  /// and the boundary is not sent.
  virtual boost::asio::awaitable<std::optional<std::string>> pass() = 0;
};

/// The bytes to send. The image lies between `before_image` and `after_image`.
struct Submission {
  std::string head;  // request line and headers
  std::string before_image;
  std::uint64_t image_size = 0;
  std::string after_image;
  std::string closing;  // the closing boundary: handed to the connection only once the gate has been passed
};

/// How far an exchange came before it ended without a whole reply.
enum class Stage { resolve, connect, proxy, tls, upload, gate, answer };

struct ExchangeFailure {
  Stage stage = Stage::connect;
  std::string reason;  // for people: what was being done, to which address, why it failed
  bool timed_out = false;
};

struct ExchangeTimes {
  milliseconds connect{0};  // resolve, connect, proxy and TLS; zero on a reused connection
  milliseconds upload{0};   // from the first byte to the last before the closing boundary
  milliseconds ack{0};      // waiting for the peer's kernel to have it, and for a word that may be under way
  milliseconds commit{0};   // waiting for the gate
  milliseconds answer{0};   // from the closing boundary to the reply's last byte
};

/// The end of an exchange. With `committed` false, no reply and no cut success, nothing can have been created
/// at the API.
struct ExchangeEnd {
  bool committed = false;                  // the closing boundary may have left, and may have been read
  std::optional<Reply> reply;              // a whole final reply, early (not committed) or not
  std::optional<Reply> cut_reply;          // what had arrived of a reply that was cut, malformed or too long;
                                           // of a success it may be the status alone
  std::optional<ExchangeFailure> failure;  // set where there is no whole reply
  bool proxy_reply = false;                // the reply is a proxy's refusal of CONNECT
  bool reused_connection = false;
  std::uint64_t bytes_sent = 0;  // head and body, as handed to the connection
  std::uint64_t body_bytes_sent = 0;
  bool body_may_have_begun = false;  // some of it may have left, though not all that was handed over with it
  std::string peer;                  // "127.0.0.1:443"
  // Where it could serve again, as far as the protocol goes: it does once HttpClient::keep_connection is
  // told.
  std::shared_ptr<Connection> spare;
  ExchangeTimes times;
};

}  // namespace reeld
