#include "http/chunk_sizes.hpp"

#include <algorithm>
#include <utility>

#include "core/hex.hpp"

namespace reeld {
namespace {

constexpr std::size_t most_blanks = 256;  // behind a size: more than any server pads it with
constexpr std::uint64_t longest = std::uint64_t{1} << 56U;  // the next digit must not overflow it

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
    pass_one(bytes.front(), into);
    bytes.remove_prefix(1);
  }
}

/// Outside a chunk's data.
void ChunkSizes::pass_one(char c, std::string& into) {
  const bool is_blank = c == ' ' || c == '\t';
  if (place_ == Place::behind_size || (place_ == Place::size && is_blank)) return pass_behind_size(c, into);
  append(c, into);
  if (c == '\n') return end_line();
  if (place_ == Place::behind_data) {
    if (c != '\r') lose_track();
  } else if (place_ == Place::size) {
    const int value = hex_value(c);
    if (c == ';') place_ = Place::extension;
    if (value >= 0 && left_ < longest) left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    if ((value < 0 || left_ >= longest) && c != ';' && c != '\r') lose_track();
  }
}

void ChunkSizes::append(char c, std::string& into) {
  if (c == '\n' && !is_behind_cr_) {
    into += '\r';
    is_amiss_ = true;
  }
  into += c;
  is_behind_cr_ = c == '\r';
  if (c != '\r' && c != '\n') ++line_;
}

void ChunkSizes::end_line() {
  const bool is_empty = line_ == 0;
  line_ = 0;
  if (place_ == Place::trailer) {
    if (is_empty) place_ = Place::rest;
  } else if (place_ == Place::behind_data) {
    place_ = Place::size;
  } else if (is_empty) {
    lose_track();
  } else {
    has_ended_ = left_ == 0;
    place_ = has_ended_ ? Place::trailer : Place::data;
  }
}

void ChunkSizes::pass_behind_size(char c, std::string& into) {
  if (c == ' ' || c == '\t') {
    held_ += c;
    place_ = Place::behind_size;
    if (held_.size() <= most_blanks) return;
    into += std::exchange(held_, {});
    return lose_track();
  }
  const bool is_size_over = c == '\r' || c == '\n' || c == ';';
  if (!is_size_over) into += held_;
  is_amiss_ = is_amiss_ || is_size_over;
  held_.clear();
  if (!is_size_over) {
    append(c, into);
    return lose_track();
  }
  place_ = Place::extension;
  pass_one(c, into);
}

void ChunkSizes::lose_track() {
  place_ = Place::rest;
  is_lost_ = true;
}

}  // namespace reeld
