#pragma once
// A prompt file: optional front matter (TOML between two `+++` lines at its very top) and the prompt, which
// is the rest, exactly, less a byte-order mark at the file's head and one trailing newline (LF or CRLF).

#include <string>
#include <string_view>
#include <variant>

#include "codec/job_fields.hpp"

namespace reeld {

struct PromptFile {
  std::string prompt;  // valid UTF-8, 1 to 32,000 characters, of which at least one can be seen
  JobFields fields;    // from the front matter
};

/// The reason, for people ("line 3: ..." where there is a line), why this file cannot be a prompt.
struct PromptRefusal {
  std::string reason;
};

using PromptResult = std::variant<PromptFile, PromptRefusal>;

/// Text that is not valid UTF-8 is refused with a reason that names the encoding it looks like; front matter
/// in YAML with one that says what to write instead. `names`: see read_job_fields.
PromptResult read_prompt(std::string_view bytes, const FieldNames& names);

inline constexpr std::size_t max_prompt_characters = 32000;

}  // namespace reeld
