#pragma once
// The form fields that the API knows by name, and what a mistyped one was probably meant to be: unknown
// fields are sent all the same, for other APIs know others.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "codec/field_names.hpp"
#include "codec/job_fields.hpp"

namespace reeld {

/// Source: POST /v1/videos of the OpenAI format.
inline constexpr std::array<std::string_view, 7> known_field_names{
    "model", "prompt", "seconds", "input_reference", "size", "watermark", "private"};

bool is_known_field(std::string_view name);

/// Of each field that is one slip (a letter too many, too few, another, or two swapped) from a known one, and
/// is not itself known: for people, "second is sent as it is; did you mean seconds?". Fields that are not
/// sent (an empty text) are left out. `names`: what fields are sent as, which is known too.
std::vector<std::string> list_slips(const JobFields& fields, const FieldNames& names);

}  // namespace reeld
