#include "codec/field_names.hpp"

#include <algorithm>

namespace reeld {

std::string_view FieldNames::get_sent_name(std::string_view name) const {
  const auto found = others.find(name);
  return found == others.end() ? name : std::string_view(found->second);
}

std::optional<std::string> FieldNames::refuse_parameter(std::string_view name) const {
  if (name == "prompt")
    return "the prompt is the pair's text file: remove this key, and write the prompt there";
  const std::string_view sent = get_sent_name(name);
  if (sent == image) return "the image is the pair's image file: remove this key";
  if (sent == prompt)
    return "the prompt is sent under this name ([api.fields]), and it is the pair's text file: remove this "
           "key";
  const auto other = std::ranges::find_if(
      others, [&](const auto& entry) { return entry.second == sent && entry.first != name; });
  if (other == others.end()) return std::nullopt;
  return "\"" + other->first + "\" is sent under this name ([api.fields]): write " + other->first;
}

}  // namespace reeld
