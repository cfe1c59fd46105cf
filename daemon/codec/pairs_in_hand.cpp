#include "codec/pairs_in_hand.hpp"

#include <charconv>
#include <utility>

namespace reeld {
namespace {

constexpr char end_of_field = '\0';

template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// Takes the next field off; nullopt: there is none.
std::optional<std::string_view> take_field(std::string_view& text) {
  const std::size_t end = text.find(end_of_field);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(end + 1);
  return out;
}

std::optional<PairInHand> take_pair(std::string_view& text) {
  const auto folder = take_field(text);
  const auto stem = take_field(text);
  const auto word = take_field(text);
  const auto age = take_field(text);
  if (!folder || !stem || !word || !age) return std::nullopt;
  const auto reason = find_wait_reason(*word);
  const auto number = read_number<milliseconds::rep>(*age);
  if (!number || (!reason && !word->empty())) return std::nullopt;
  return PairInHand{{std::string(*folder), std::string(*stem)}, reason, milliseconds(*number)};
}

}  // namespace

void PairsInHandText::add(const JobName& pair, std::optional<WaitReason> reason, milliseconds age) {
  if (++count_ > most) return;
  const std::string number = std::to_string(age.count());
  const std::string_view word = reason ? word_of(*reason) : std::string_view();
  for (const std::string_view field :
       {std::string_view(pair.folder), std::string_view(pair.stem), word, std::string_view(number)})
    fields_.append(field).push_back(end_of_field);
}

std::string PairsInHandText::text() const {
  return std::to_string(count_ > most ? count_ - most : 0) + end_of_field + fields_;
}

std::optional<PairsInHand> read_pairs_in_hand(std::string_view text) {
  PairsInHand out;
  const auto first = take_field(text);
  const auto left_out = first ? read_number<std::size_t>(*first) : std::nullopt;
  if (!left_out) return std::nullopt;
  out.left_out = *left_out;
  while (!text.empty()) {
    auto pair = take_pair(text);
    if (!pair) return std::nullopt;
    out.pairs.push_back(std::move(*pair));
  }
  return out;
}

}  // namespace reeld
