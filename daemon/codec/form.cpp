#include "codec/form.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <boost/system/error_code.hpp>

namespace reeld {
namespace {

namespace json = boost::json;
using Kind = FormPart::Kind;

constexpr std::array<std::string_view, 5> placed_names = {"model", "seconds", "size", "watermark", "private"};

class FormMaker {
 public:
  FormMaker(const JobFields& fields, const FieldNames& names) : fields_(fields), names_(names) {}

  void add(const JobField& field) {
    if (!field.value.empty())
      form.push_back({Kind::text, std::string(names_.get_sent_name(field.name)), field.value});
  }
  void add(std::string_view name) {
    const auto found = std::ranges::find(fields_, name, &JobField::name);
    if (found != fields_.end()) add(*found);
  }

  Form form;

 private:
  const JobFields& fields_;
  const FieldNames& names_;
};

json::value write_part(const FormPart& part) {
  if (part.kind == Kind::prompt) return nullptr;
  if (part.kind == Kind::image) return false;
  return json::string(part.value);
}

}  // namespace

Form arrange_form(const JobFields& fields, const FieldNames& names) {
  FormMaker maker(fields, names);
  maker.add("model");
  maker.form.push_back({Kind::prompt, names.prompt, ""});
  maker.add("seconds");
  maker.form.push_back({Kind::image, names.image, ""});
  for (const std::string_view name : {"size", "watermark", "private"}) maker.add(name);
  for (const JobField& field : fields) {
    if (std::ranges::find(placed_names, field.name) == placed_names.end()) maker.add(field);
  }
  return std::move(maker.form);
}

JobFields list_texts(const Form& form) {
  JobFields fields;
  for (const FormPart& part : form) {
    if (part.kind == Kind::text) fields.push_back({part.name, part.value});
  }
  return fields;
}

std::string write_form_json(const Form& form) {
  json::object object;
  for (const FormPart& part : form) object[part.name] = write_part(part);
  return json::serialize(object);
}

Form read_form_json(std::string_view text, const FieldNames& names) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  const json::object* const object = error ? nullptr : value.if_object();
  Form form;
  bool has_places = false;
  if (object != nullptr) {
    for (const auto& member : *object) {
      const std::string name(member.key());
      const json::string* const field = member.value().if_string();
      if (field != nullptr) form.push_back({Kind::text, name, std::string(*field)});
      if (member.value().is_null()) form.push_back({Kind::prompt, name, ""});
      if (member.value().is_bool()) form.push_back({Kind::image, name, ""});
      has_places = has_places || field == nullptr;
    }
  }
  return has_places ? form : arrange_form(list_texts(form), FieldNames(names.image));
}

}  // namespace reeld
