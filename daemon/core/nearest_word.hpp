#pragma once
// "Did you mean ...?": the known word that a mistyped one most likely stands for.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace reeld {

/// The least number of insertions, deletions, replacements and swaps of neighbours that turn one word into
/// the other (Damerau-Levenshtein, optimal string alignment).
std::size_t measure_distance(std::string_view one, std::string_view other);

/// The nearest of `known`, the first of equals; none where even the nearest is too far off to be meant.
/// Lifetime: the result is one of `known`.
std::optional<std::string_view> find_nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace reeld
