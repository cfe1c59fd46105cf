#include "codec/job_json.hpp"
#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"
#include "http/http_message.hpp"

namespace reeld {
namespace {

using State = ReplyReader::State;

struct Outcome {
  State state;
  Reply reply;
  std::size_t used;
};

Outcome read_in_pieces(std::span<const std::byte> bytes, std::size_t piece_size, bool no_body) {
  ReplyReader reader({kibibytes(1), kibibytes(1), is_json_object}, no_body);
  std::size_t used = 0;
  for (std::size_t at = 0; at < bytes.size(); at += piece_size) {
    const auto piece = bytes.subspan(at, std::min(piece_size, bytes.size() - at));
    const std::size_t taken = reader.feed(piece);
    require(taken <= piece.size(), "a reader takes no more than it is given");
    used += taken;
  }
  reader.end_of_stream();
  require(reader.state() != State::failed || !reader.failure().empty(), "a failure has a reason");
  require(!reader.keeps_alive(), "a connection that has ended is not kept alive");
  require(reader.reply().body.size() <= kibibytes(1).count, "a body is within its limit");
  return {reader.state(), reader.take_reply(), used};
}

}  // namespace

int fuzz_http_reply(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const bool no_body : {false, true}) {
    const Outcome whole = read_in_pieces(bytes, std::max<std::size_t>(size, 1), no_body);
    for (const std::size_t piece_size : std::initializer_list<std::size_t>{1, 2, 7}) {
      const Outcome pieces = read_in_pieces(bytes, piece_size, no_body);
      require(pieces.state == whole.state, "the same state however a reply is cut");
      require(pieces.reply.status == whole.reply.status, "the same status however a reply is cut");
      require(pieces.reply.headers == whole.reply.headers, "the same headers however a reply is cut");
      const bool is_complete = whole.state == State::complete;
      require(!is_complete || pieces.reply.body == whole.reply.body, "the same body however a reply is cut");
      require(!is_complete || pieces.used == whole.used, "the same end however a reply is cut");
    }
  }
  return 0;
}

}  // namespace reeld
