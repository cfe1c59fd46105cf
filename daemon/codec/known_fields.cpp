#include "codec/known_fields.hpp"

#include <algorithm>

#include "core/nearest_word.hpp"

namespace reeld {
namespace {

bool is_slip_of(std::string_view name, std::string_view known) {
  const std::size_t longer = std::max(known.size(), name.size());
  const std::size_t shorter = std::min(known.size(), name.size());
  return longer - shorter <= 1 && measure_distance(name, known) == 1;
}

/// "" where none is that near. A name of one or two letters is a slip away from too much.
bool is_sent_name(std::string_view name, const FieldNames& names) {
  return name == names.image || name == names.prompt ||
         std::ranges::any_of(names.others, [name](const auto& entry) { return entry.second == name; });
}

std::string_view find_meant(std::string_view name, const FieldNames& names) {
  constexpr std::size_t shortest = 3;
  if (name.size() < shortest || is_known_field(name) || is_sent_name(name, names)) return {};
  if (is_slip_of(name, names.image)) return names.image;
  const auto found = std::ranges::find_if(known_field_names,
                                          [name](std::string_view known) { return is_slip_of(name, known); });
  return found == known_field_names.end() ? std::string_view() : *found;
}

}  // namespace

bool is_known_field(std::string_view name) {
  return std::ranges::find(known_field_names, name) != known_field_names.end();
}

std::vector<std::string> list_slips(const JobFields& fields, const FieldNames& names) {
  std::vector<std::string> slips;
  for (const JobField& field : fields) {
    const std::string_view meant = find_meant(field.name, names);
    if (meant.empty() || field.value.empty()) continue;
    slips.push_back(field.name + " is sent as it is; did you mean " + std::string(meant) + "?");
  }
  return slips;
}

}  // namespace reeld
