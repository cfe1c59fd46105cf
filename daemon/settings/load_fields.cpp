// [api.fields]: form fields under other names; and api.image_field, the short form of one of them.

#include <algorithm>

#include "core/ascii.hpp"
#include "settings/load_tables.hpp"

namespace reeld {
namespace {

constexpr std::string_view image_key = "api.image_field";
constexpr std::string_view image_name = "input_reference";
constexpr std::string_view wanted_name =
    "must be a form field's name, such as \"input_reference\": letters, digits "
    "and _-.[]";

bool is_field_name(std::string_view text) {
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("_-.[]").find(c) != std::string_view::npos;
  });
}

/// Which other field would come under the name `sent` of `name`, or does so of itself; "" : none.
std::string find_rival(const FieldNames& names, std::string_view name, std::string_view sent) {
  if (name != image_name && sent == names.image) return std::string(image_name);
  if (name != "prompt" && sent == names.prompt) return "prompt";
  for (const auto& [other, other_sent] : names.others) {
    if (other != name && other_sent == sent) return other;
  }
  // What [job] sends of itself; what else is there is looked at when it is read.
  const bool is_sent_so =
      name != sent && find_field(Settings().job, sent) != nullptr && !names.others.contains(sent);
  return is_sent_so ? std::string(sent) : "";
}

void read_image_name(TomlReader& reader, FieldNames& into) {
  std::string name = into.image;
  reader.read_text(image_key, name);
  if (!is_field_name(name)) return reader.complain(image_key, wanted_name);
  into.image = std::move(name);
}

/// Where the names stand; what is wrong with one is said there.
struct PlacedName {
  unsigned line;
  std::string name;
  std::string sent;
};

std::vector<PlacedName> read_names(TomlReader& reader) {
  std::vector<PlacedName> out;
  for (TomlEntry& entry : reader.read_entries("api.fields")) {
    const std::string key = "api.fields." + entry.name;
    if (!entry.text || !is_field_name(*entry.text)) {
      reader.complain_at(entry.line, key, wanted_name);
    } else if (entry.name.empty()) {
      reader.complain_at(entry.line, key, "has no name before its \"=\"; write that of a form field");
    } else {
      out.push_back({entry.line, std::move(entry.name), std::move(*entry.text)});
    }
  }
  return out;
}

void take_name(const PlacedName& placed, FieldNames& into) {
  if (placed.name == image_name) {
    into.image = placed.sent;
  } else if (placed.name == "prompt") {
    into.prompt = placed.sent;
  } else {
    into.others.insert_or_assign(placed.name, placed.sent);
  }
}

std::string describe_rivals(const std::string& sent, const std::string& rival) {
  return "is \"" + sent + "\", under which \"" + rival + "\" is sent; write another name";
}

}  // namespace

void read_fields(TomlReader& reader, FieldNames& into) {
  FieldNames names;
  read_image_name(reader, names);
  const bool has_image_name = reader.has(image_key);
  const std::string image = names.image;
  const std::vector<PlacedName> placed = read_names(reader);
  for (const PlacedName& one : placed) take_name(one, names);
  if (has_image_name && names.image != image) {
    return reader.complain(image_key, "is \"" + image + "\", and [api.fields] " + std::string(image_name) +
                                          " is \"" + names.image + "\"; remove one of the two");
  }
  if (has_image_name) {
    const std::string rival = find_rival(names, image_name, image);
    if (!rival.empty()) return reader.complain(image_key, describe_rivals(image, rival));
  }
  for (const PlacedName& one : placed) {
    const std::string rival = find_rival(names, one.name, one.sent);
    if (!rival.empty())
      return reader.complain_at(one.line, "api.fields." + one.name, describe_rivals(one.sent, rival));
  }
  into = std::move(names);
}

}  // namespace reeld
