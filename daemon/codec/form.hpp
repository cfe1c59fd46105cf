#pragma once
// A submission's form: its parts in the order in which they are sent, under the names by which they are sent.
//
// They go in this order: model, prompt, seconds, the image, size, watermark, private, then any others as
// given. What an API calls otherwise keeps its place. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "codec/field_names.hpp"
#include "codec/job_fields.hpp"

namespace reeld {

struct FormPart {
  enum class Kind { text, prompt, image };
  Kind kind = Kind::text;
  std::string name;
  std::string value;  // of a text; prompt and image are elsewhere
  bool operator==(const FormPart&) const = default;
};
using Form = std::vector<FormPart>;

/// `fields` hold everything but prompt and image, by the names that people write; those with an empty value
/// are left out.
Form arrange_form(const JobFields& fields, const FieldNames& names);

/// The texts of a form.
JobFields list_texts(const Form& form);

/// As the ledger keeps what was sent: an object of texts, in its order; null stands for the prompt, false for
/// the image.
std::string write_form_json(const Form& form);
/// The other way about. One of an earlier version has no places for prompt and image: it is arranged as
/// that version did, with the image under its name in `names`.
Form read_form_json(std::string_view text, const FieldNames& names);

}  // namespace reeld
