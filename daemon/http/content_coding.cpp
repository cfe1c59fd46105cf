#include "http/content_coding.hpp"

#include <algorithm>
#include <optional>

#include "core/ascii.hpp"
#include "core/utf8.hpp"
#include "http/inflate.hpp"

namespace reeld {
namespace {

/// Of a body. Nobody wraps it more often, and each costs as much time as the limit allows.
constexpr std::size_t max_codings = 4;

using Codings = std::vector<std::string>;

void add_codings(const Reply& reply, std::string_view header, Codings& to) {
  for (const auto& [name, value] : reply.headers) {
    if (to_lower(name) != header) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      std::string coding = to_lower(trim_blanks(rest.substr(0, end)));
      const bool is_none = coding.empty() || coding == "identity" || coding == "chunked";
      if (!is_none) to.push_back(std::move(coding));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

/// Nothing that was compressed looks like this, but for a few bytes by chance.
bool is_plain_text(std::string_view bytes) {
  const auto is_odd = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  };
  return std::ranges::none_of(bytes, is_odd) && count_characters(bytes).has_value();
}

bool is_deflate(std::string_view coding) {
  return coding == "deflate" || coding == "x-deflate";
}

bool is_gzip(std::string_view coding) {
  return coding == "gzip" || coding == "x-gzip";
}

std::string describe(std::string_view coding, Inflated::End end, std::size_t limit) {
  const std::string is_compressed = "is compressed as " + std::string(coding);
  switch (end) {
    case Inflated::End::too_long:
      return is_compressed + ", and longer than " + std::to_string(limit) + " bytes once it is inflated";
    case Inflated::End::cut:
      return is_compressed + ", and breaks off in the middle";
    default:
      return is_compressed + ", and damaged";
  }
}

/// Whatever it is called: by its first bytes, where they tell. "deflate" is zlib's format by the book, and
/// bare in many a server.
std::optional<Inflated> try_to_inflate(std::string_view body, std::string_view coding, std::size_t limit) {
  std::optional<Inflated> out;
  const bool is_zlib = (is_deflate(coding) || is_gzip(coding)) && begins_as_zlib(body);
  if (begins_as_gzip(body) || is_zlib) out = inflate_bytes(body, Wrapping::headed, limit);
  const bool is_done = out && out->end != Inflated::End::broken;
  if (!is_deflate(coding) || is_done) return out;
  Inflated bare = inflate_bytes(body, Wrapping::raw, limit);
  if (!out || bare.end == Inflated::End::whole) out = std::move(bare);
  return out;
}

void keep_as_it_is(Reply& reply, std::string_view coding, std::string flaw) {
  reply.coding = coding;
  reply.flaw = std::move(flaw);
}

/// False where it stays on.
bool take_off(Reply& reply, const std::string& coding, std::size_t limit) {
  if (reply.body.empty() || is_plain_text(reply.body)) return true;
  std::optional<Inflated> inflated = try_to_inflate(reply.body, coding, limit);
  if (!inflated) {
    const bool is_ours = is_deflate(coding) || is_gzip(coding);
    keep_as_it_is(reply, coding,
                  is_ours ? describe(coding, Inflated::End::broken, limit)
                          : "is compressed as " + coding + ", which reeld cannot read");
    return false;
  }
  if (inflated->end == Inflated::End::whole) {
    reply.body = std::move(inflated->bytes);
    return true;
  }
  keep_as_it_is(reply, coding, describe(coding, inflated->end, limit));
  reply.glimpse = std::move(inflated->bytes);
  return false;
}

}  // namespace

void take_codings_off(Reply& reply, Bytes limit) {
  Codings codings;
  add_codings(reply, "content-encoding", codings);
  add_codings(reply, "transfer-encoding", codings);
  if (codings.size() > max_codings) {
    if (is_plain_text(reply.body)) return;
    return keep_as_it_is(reply, codings.back(),
                         "is compressed " + std::to_string(codings.size()) + " times over");
  }
  for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) {
    if (!take_off(reply, *coding, limit.count)) return;
  }
  for (std::size_t i = 0; i < max_codings && begins_as_gzip(reply.body); ++i) {
    if (!take_off(reply, "gzip", limit.count)) return;
  }
}

}  // namespace reeld
