#pragma once
// Job fields as a JSON object of texts, in their order: how the ledger keeps what was sent.

#include <string>
#include <string_view>

#include "codec/job_fields.hpp"

namespace reeld {

std::string write_fields_json(const JobFields& fields);
/// Empty where it is not such an object.
JobFields read_fields_json(std::string_view text);

}  // namespace reeld
