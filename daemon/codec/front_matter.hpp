#pragma once
// The front matter of a prompt file: TOML between two `+++` lines at its very top. Front matter in YAML,
// between two `---` lines, is recognised, so that it is not taken for the prompt.
//
// All text is valid UTF-8. What nobody sees does not count: blanks and invisible characters behind a fence,
// invisible characters and empty lines before the first one, and whether lines end with LF, CRLF or CR.

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

struct PromptParts {
  std::string front_matter;  // without its fences, each line ended by LF, behind one empty line for each that
                             // stands above the first fence; "" where there is none
  std::string_view rest;
};

/// nullopt where front matter begins and has no end.
std::optional<PromptParts> split_front_matter(std::string_view text);

/// What stands between a first line `---` and the next line `---` or `...`. Where there is no such end, or an
/// empty line stands above, the line below the first has to set a field that the API knows. Else nullopt.
std::optional<std::string_view> find_yaml(std::string_view text);

/// Whether the text begins with front matter in TOML whose first line is not `+++` alone (`+++ toml`, or the
/// same in full-width characters): the line below it sets a field that the API knows.
bool has_odd_fence(std::string_view text);

/// What to write instead of that YAML, for people. Values are told of fields that the API knows, and only
/// where they are a word or a number: the rest may be somebody's prompt.
std::string describe_toml_for(std::string_view yaml);

}  // namespace reeld
