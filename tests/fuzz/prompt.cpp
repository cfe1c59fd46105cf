#include "codec/prompt.hpp"

#include "core/utf8.hpp"
#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"

namespace reeld {

int fuzz_prompt(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = as_text(data, size);
  const PromptResult result = read_prompt(bytes, "input_reference");
  if (const auto* refusal = std::get_if<PromptRefusal>(&result)) {
    require(!refusal->reason.empty(), "a refusal has a reason");
    return 0;
  }
  const std::string& prompt = std::get<PromptFile>(result).prompt;
  const auto characters = count_characters(prompt);
  require(characters.has_value(), "a prompt is valid UTF-8");
  require(*characters >= 1 && *characters <= max_prompt_characters, "a prompt has 1 to 32,000 characters");
  require(bytes.find(prompt) != std::string_view::npos, "a prompt stands in its file as it is");
  return 0;
}

}  // namespace reeld
