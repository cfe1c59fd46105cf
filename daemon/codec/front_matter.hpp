#pragma once
// The front matter of a prompt file: TOML between two `+++` lines at its very top. Front matter in YAML,
// between two `---` lines, is recognised, so that it is not taken for the prompt.
//
// All text is valid UTF-8 without a byte-order mark. Lines end with LF or CRLF; blanks at the end of a fence
// do not count, for nobody sees them.

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

struct PromptParts {
  std::string_view front_matter;  // without its fences; "" where there is none
  std::string_view rest;
};

/// nullopt where front matter begins and has no end.
std::optional<PromptParts> split_front_matter(std::string_view text);

/// What stands between a first line `---` and the next line `---` or `...`; nullopt where there are not both.
std::optional<std::string_view> find_yaml(std::string_view text);

/// What to write instead of that YAML, for people. Values are told of fields that the API knows, and only
/// where they are a word or a number: the rest may be somebody's prompt.
std::string describe_toml_for(std::string_view yaml);

}  // namespace reeld
