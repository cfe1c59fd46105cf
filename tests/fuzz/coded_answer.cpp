// An answer's body in codings, and what is made of one that cannot be read. The first byte chooses the
// headers.

#include <array>

#include "codec/answer_flaw.hpp"
#include "codec/seen_id.hpp"
#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"
#include "http/content_coding.hpp"
#include "http/inflate.hpp"

namespace reeld {
namespace {

constexpr Bytes limit = kibibytes(4);
constexpr std::array<const char*, 8> codings{
    "", "gzip", "deflate", "br", "gzip, gzip", "gzip, br, ", "utf-8, gzip", "deflate,deflate,gzip,gzip,gzip"};

void check_inflated(std::string_view bytes, Wrapping wrapping) {
  const Inflated inflated = inflate_bytes(bytes, wrapping, limit.count);
  require(inflated.bytes.size() <= limit.count, "what is inflated is within its limit");
}

void check_seen(std::string_view text) {
  const std::string id = find_seen_id(text);
  require(id.size() <= 200 && text.find(id) != std::string_view::npos,
          "an id that is seen stands in the text");
  const std::string flaw = describe_flaw(text);
  require(flaw.empty() || flaw.starts_with("is "), "a flaw is told in words");
}

}  // namespace

int fuzz_coded_answer(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body = as_text(data + 1, size - 1);
  check_inflated(body, Wrapping::headed);
  check_inflated(body, Wrapping::raw);
  check_seen(body);
  Reply reply;
  reply.headers = {{"Content-Encoding", codings.at(data[0] % codings.size())}};
  reply.body = body;
  take_codings_off(reply, limit);
  require(reply.coding.empty() == reply.flaw.empty(), "a coding that stays on is told");
  require(reply.glimpse.size() <= limit.count, "what could be read is within its limit");
  require(reply.body == body || reply.body.size() <= limit.count,
          "a body is as it came, or within its limit");
  check_seen(reply.body);
  return 0;
}

}  // namespace reeld
