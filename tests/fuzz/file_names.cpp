// The names of a folder, one a line: what they are, which belong together, and what is said of the others.

#include <algorithm>
#include <map>
#include <vector>

#include "codec/neighbours.hpp"
#include "core/never_inputs.hpp"
#include "core/pairing.hpp"
#include "core/spool_name.hpp"
#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"

namespace reeld {
namespace {

std::vector<std::string_view> split(std::string_view text) {
  constexpr std::size_t max_names = 64;
  std::vector<std::string_view> names;
  while (!text.empty() && names.size() < max_names) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    names.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

void check_name(std::string_view name) {
  const SpoolName known = classify_name(name);
  require(name.starts_with(known.stem), "a stem is the name's beginning");
  if (!is_input(known.kind) && !is_result(known.kind)) {
    require(known.stem.empty(), "only inputs and results have a stem");
    return;
  }
  require(!is_hidden_name(name) && !known.stem.empty(), "hidden names are none of ours");
  const std::string stem(known.stem);
  const auto names = is_result(known.kind) ? result_names(stem) : possible_input_names(stem);
  require(std::ranges::count(names, std::string(name)) == 1, "a name is among those of its stem, once");
  const auto usual = usual_input_names(stem);
  require((std::ranges::count(usual, std::string(name)) == 1) ==
              (is_input(known.kind) && is_usual_input_name(name)),
          "a usual name is told by its extension");
  require(classify_name(temporary_name(1)).kind == NameKind::other, "temporary files are no inputs");
  (void)is_conflict_copy(stem);
}

/// That stem, as the folder shows it.
StemState judge(const std::vector<std::string_view>& names, std::string_view stem) {
  StemContents contents;
  for (const std::string_view name : names) {
    const SpoolName known = classify_name(name);
    if (known.stem != stem || known.kind == NameKind::other) continue;
    if (known.kind == NameKind::prompt) ++contents.prompts;
    if (known.kind == NameKind::image) ++contents.images;
    contents.has_result |= is_result(known.kind);
  }
  return judge_stem(contents);
}

}  // namespace

int fuzz_file_names(const std::uint8_t* data, std::size_t size) {
  const auto names = split(as_text(data, size));
  NeighbourIndex index;
  for (const std::string_view name : names) index.add(name);
  for (const std::string_view name : names) {
    check_name(name);
    const SpoolName known = classify_name(name);
    if (!is_input(known.kind) || judge(names, known.stem) != StemState::half) continue;
    const bool has_prompt = known.kind == NameKind::prompt;
    const std::string said =
        index.describe(known.stem, has_prompt ? MissingHalf::image : MissingHalf::prompt);
    require(std::ranges::any_of(
                names, [&](std::string_view other) { return said.empty() || said.starts_with(other); }),
            "what is named lies in the folder");
    require(!said.starts_with(std::string(name) + " "), "a file is no neighbour of its own");
  }
  return 0;
}

}  // namespace reeld
