#include "codec/job_fields.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "codec/text_encoding.hpp"

namespace reeld {
namespace {

constexpr std::string_view job_table = "job";

/// A key of a table with its value; toml++ keeps tables sorted by name, so that the file's order is lost
/// there.
struct Entry {
  const toml::key* key = nullptr;
  const toml::node* node = nullptr;
};

std::vector<Entry> list_in_file_order(const toml::table& table) {
  std::vector<Entry> entries;
  for (auto&& [key, node] : table) entries.push_back({&key, &node});
  std::ranges::sort(
      entries, [](const Entry& a, const Entry& b) { return a.key->source().begin < b.key->source().begin; });
  return entries;
}

std::string write_float(double number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  std::string text(buffer.data(), end);
  const bool has_only_digits = text.find_first_not_of("-0123456789") == std::string::npos;
  return has_only_digits ? text + ".0" : text;
}

template <class DateOrTime>
std::string write_date(const DateOrTime& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

/// nullopt for a table or an array.
std::optional<std::string> write_value(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return std::to_string(integer->get());
  if (const auto* number = node.as_floating_point()) return write_float(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* date = node.as_date()) return write_date(date->get());
  if (const auto* time = node.as_time()) return write_date(time->get());
  if (const auto* moment = node.as_date_time()) return write_date(moment->get());
  return std::nullopt;
}

void put_field(JobFields& fields, JobField field) {
  const auto found = std::ranges::find(fields, field.name, &JobField::name);
  if (found == fields.end()) {
    fields.push_back(std::move(field));
  } else {
    found->value = std::move(field.value);
  }
}

std::optional<std::string> refuse_name(std::string_view name, const FieldNames& names) {
  if (name.empty()) return "a form field needs a name";
  return names.refuse_parameter(name);
}

std::string refuse_type(const toml::node& node) {
  if (node.is_table()) return "a table cannot be a form field: write each value as a key of its own";
  return "an array cannot be a form field: write one value, as text in quotes";
}

class FieldReader {
 public:
  explicit FieldReader(const FieldNames& names) : names_(names) {}

  void read_table(const toml::table& table, bool at_top) {
    for (const Entry& entry : list_in_file_order(table)) {
      const toml::table* inner = entry.node->as_table();
      if (at_top && inner != nullptr && entry.key->str() == job_table) {
        read_table(*inner, false);
      } else {
        read_field(entry);
      }
    }
  }

  JobFieldsResult take() {
    if (!result_.complaints.empty()) {
      result_.fields.clear();
      result_.complaint = result_.complaints.front();
    }
    return std::move(result_);
  }

 private:
  void read_field(const Entry& entry) {
    const std::string name(entry.key->str());
    if (auto reason = refuse_name(name, names_)) return complain(entry, std::move(*reason));
    auto value = write_value(*entry.node);
    if (!value) return complain(entry, refuse_type(*entry.node));
    put_field(result_.fields, {name, std::move(*value)});
  }

  void complain(const Entry& entry, std::string reason) {
    const auto line = static_cast<int>(entry.key->source().begin.line);
    result_.complaints.push_back({line, std::string(entry.key->str()), std::move(reason), false});
  }

  const FieldNames& names_;
  JobFieldsResult result_;
};

TomlComplaint describe_parse_error(const toml::parse_error& error) {
  std::string reason(error.description());
  reason += toml_advice;
  return {static_cast<int>(error.source().begin.line), "", std::move(reason), true};
}

JobFieldsResult refuse(TomlComplaint complaint) {
  return {{}, complaint, {complaint}};
}

/// A configuration of reeld, by the tables that it cannot do without.
bool is_configuration(const toml::table& table) {
  return table["spool"].is_table() || table["api"].is_table();
}

/// `read` is given the text's table, and puts its fields into the reader.
template <class Read>
JobFieldsResult read_toml(std::string_view toml, const FieldNames& names, const Read& read) {
  // toml++ goes one call deeper with each dot in a key: a text of any length would have the stack overflow.
  if (toml.size() > max_parameters.count) {
    return refuse({0, "", "these are more than 16 KiB of parameters; remove some", true});
  }
  if (auto complaint = check_encoding(toml)) {
    return refuse({complaint->line, "", std::move(complaint->reason), true});
  }
  try {
    FieldReader reader(names);
    read(reader, toml::parse(skip_byte_order_mark(toml)));
    return reader.take();
  } catch (const toml::parse_error& error) {
    return refuse(describe_parse_error(error));
  }
}

}  // namespace

JobFieldsResult read_job_fields(std::string_view toml, const FieldNames& names) {
  return read_toml(toml, names,
                   [](FieldReader& reader, const toml::table& table) { reader.read_table(table, true); });
}

JobFieldsResult read_folder_fields(std::string_view toml, const FieldNames& names) {
  return read_toml(toml, names, [](FieldReader& reader, const toml::table& table) {
    if (!is_configuration(table)) return reader.read_table(table, true);
    if (const toml::table* const job = table[job_table].as_table()) reader.read_table(*job, false);
  });
}

JobFields overlay(JobFields base, const JobFields& over) {
  for (const JobField& field : over) put_field(base, field);
  return base;
}

const std::string* find_field(const JobFields& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &JobField::name);
  return found == fields.end() ? nullptr : &found->value;
}

}  // namespace reeld
