#pragma once
// Under which names a form's fields are sent, where an API calls them otherwise.
//
// Pure.

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

struct FieldNames {
  FieldNames() = default;
  /// The image's alone is of one's own.
  template <class Text>
  requires std::convertible_to<const Text&, std::string_view> FieldNames(const Text& image_field)
      : image(std::string_view(image_field)) {}

  std::string image = "input_reference";
  std::string prompt = "prompt";
  std::map<std::string, std::string, std::less<>>
      others;  // of text fields: from name to the name that is sent
  bool operator==(const FieldNames&) const = default;

  /// The name under which the text field `name` is sent.
  std::string_view get_sent_name(std::string_view name) const;
  /// Of a parameter that would come under the same name as another field: why it cannot be one, for people.
  std::optional<std::string> refuse_parameter(std::string_view name) const;
};

}  // namespace reeld
