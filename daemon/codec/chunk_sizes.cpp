#include "codec/chunk_sizes.hpp"

#include <algorithm>

#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::uint64_t longest = std::uint64_t{1} << 56U;  // the next digit must not overflow it

int value_of(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void ChunkSizes::pass(std::string_view bytes, std::string& into) {
  while (!bytes.empty()) {
    if (place_ == Place::rest) return void(into.append(bytes));
    if (place_ == Place::data) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      into.append(bytes.substr(0, count));
      bytes.remove_prefix(count);
      left_ -= count;
      if (left_ == 0) place_ = Place::behind_data;
      continue;
    }
    if (takes(bytes.front())) into += bytes.front();
    bytes.remove_prefix(1);
  }
}

/// One byte outside a chunk's data.
bool ChunkSizes::takes(char c) {
  if (place_ == Place::behind_data) {
    if (c == '\n') place_ = Place::size;
    if (c != '\n' && c != '\r') place_ = Place::rest;
    return true;
  }
  if (c == '\n') {
    // The last chunk: what follows are trailers.
    place_ = left_ == 0 ? Place::rest : Place::data;
    return true;
  }
  if (place_ == Place::extension) return true;
  if (const int value = value_of(c); value >= 0 && place_ == Place::size && left_ < longest) {
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    return true;
  }
  if (c == ' ' || c == '\t') {
    place_ = Place::behind_size;
    is_amiss_ = true;
    return false;
  }
  if (c == ';') place_ = Place::extension;
  if (c != ';' && c != '\r') place_ = Place::rest;
  return true;
}

}  // namespace reeld
