#include "codec/job_fields.hpp"

#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"

namespace reeld {

int fuzz_job_fields(const std::uint8_t* data, std::size_t size) {
  const JobFieldsResult result = read_job_fields(as_text(data, size), "input_reference");
  if (result.complaint) {
    require(!result.complaint->reason.empty() && result.complaint->line >= 0,
            "a complaint says where and why");
    require(result.fields.empty(), "either fields or a complaint");
  }
  require(overlay(result.fields, result.fields) == result.fields, "fields laid over themselves are the same");
  for (const JobField& field : result.fields) {
    require(!field.name.empty() && field.name != "prompt" && field.name != "input_reference",
            "a field has a name of its own");
    require(find_field(result.fields, field.name) == &field.value, "names are unique");
  }
  return 0;
}

}  // namespace reeld
