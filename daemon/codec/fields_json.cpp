#include "codec/fields_json.hpp"

#include <boost/json.hpp>
#include <boost/system/error_code.hpp>

namespace reeld {

namespace json = boost::json;

std::string write_fields_json(const JobFields& fields) {
  json::object object;
  for (const JobField& field : fields) object[field.name] = field.value;
  return json::serialize(object);
}

JobFields read_fields_json(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  JobFields out;
  const json::object* const object = error ? nullptr : value.if_object();
  if (object == nullptr) return out;
  for (const auto& member : *object) {
    if (const json::string* const field = member.value().if_string())
      out.push_back({std::string(member.key()), std::string(*field)});
  }
  return out;
}

}  // namespace reeld
