// [api.headers], and the header that carries the key.

#include <algorithm>

#include "core/ascii.hpp"
#include "core/nearest_word.hpp"
#include "http/header_names.hpp"
#include "http/http_token.hpp"
#include "settings/api_credentials.hpp"
#include "settings/load_tables.hpp"

namespace reeld {
namespace {

constexpr std::string_view auth_key = "api.auth_header";
constexpr std::string_view header_ways =
    "must be a text, or { file = \"/path\" } or { credential = \"name\" } for a secret";
constexpr std::size_t max_header_name = 64;
constexpr std::size_t max_headers = 64;

bool is_same_name(std::string_view one, std::string_view other) {
  return to_lower(one) == to_lower(other);
}

void read_auth_header(TomlReader& reader, ApiSettings& into) {
  std::string name = into.auth_header;
  reader.read_text(auth_key, name);
  if (name.size() > max_header_name || !is_token(name)) {
    return reader.complain(auth_key,
                           "must be a header's name, such as \"api-key\", without a colon or spaces");
  }
  if (is_header_of_ours(name) || is_same_name(name, "cookie")) {
    return reader.complain(auth_key,
                           "is a header that cannot carry the API key; write \"Authorization\", or the "
                           "name that the API asks for, such as \"api-key\"");
  }
  if (is_same_name(name, into.idempotency_header)) {
    return reader.complain(auth_key, "is the name in idempotency_header, too; write another");
  }
  into.auth_header = std::move(name);
}

/// Why a header of that name cannot be added; "" where it can.
std::string find_fault_in_header_name(std::string_view name, const ApiSettings& api) {
  if (name.size() > max_header_name || !is_token(name))
    return "is no name of a header; write a name such as \"x-tenant\", without a colon or spaces";
  if (is_header_of_ours(name))
    return "is a header that reeld makes itself, or that frames the message; remove it";
  if (is_same_name(name, api.auth_header))
    return "is the header that carries the API key (api.auth_header); remove it";
  if (is_same_name(name, api.idempotency_header)) return "is api.idempotency_header, too; remove it";
  const auto same = std::ranges::find_if(
      api.headers, [name](const HeaderSetting& other) { return is_same_name(other.name, name); });
  if (same != api.headers.end())
    return "is \"" + same->name + "\", which stands above, in another case; remove one";
  return "";
}

/// What { ... } says; a complaint where it says nothing that is known.
std::variant<HeaderSetting, HeaderComplaint> read_source(const TomlEntry& entry) {
  if (entry.settings.size() != 1) return HeaderComplaint{std::string(header_ways)};
  const auto& [word, value] = entry.settings.front();
  if (word == "file") {
    if (!value.starts_with('/'))
      return HeaderComplaint{"must name its file by an absolute path, one that begins with \"/\""};
    return HeaderSetting{entry.name, HeaderSetting::Source::file, value};
  }
  if (word == "credential") {
    const bool is_plain = !value.empty() && value.find('/') == std::string::npos && !value.starts_with('.');
    if (!is_plain)
      return HeaderComplaint{"must name a credential as the unit's LoadCredential= does, without a path"};
    return HeaderSetting{entry.name, HeaderSetting::Source::credential, value};
  }
  constexpr std::array<std::string_view, 2> words{"file", "credential"};
  const auto meant = find_nearest(word, words);
  return HeaderComplaint{meant ? "has an unknown key in its braces; did you mean \"" + std::string(*meant) +
                                     "\"?"
                               : std::string(header_ways)};
}

std::variant<HeaderSetting, HeaderComplaint> read_header(const TomlEntry& entry) {
  if (!entry.text) return read_source(entry);
  auto checked = check_header_value(*entry.text);
  if (auto* const complaint = std::get_if<HeaderComplaint>(&checked)) return std::move(*complaint);
  return HeaderSetting{entry.name, HeaderSetting::Source::text, std::get<std::string>(std::move(checked))};
}

}  // namespace

void read_headers(TomlReader& reader, ApiSettings& into) {
  read_auth_header(reader, into);
  for (const TomlEntry& entry : reader.read_entries("api.headers")) {
    const std::string key = "api.headers." + entry.name;
    if (into.headers.size() == max_headers)
      return reader.complain_at(entry.line, key, "is one of more than 64 headers; remove some");
    const std::string fault = find_fault_in_header_name(entry.name, into);
    if (!fault.empty()) {
      reader.complain_at(entry.line, key, fault);
      continue;
    }
    auto read = read_header(entry);
    if (const auto* const complaint = std::get_if<HeaderComplaint>(&read)) {
      reader.complain_at(entry.line, key, complaint->reason);
    } else {
      into.headers.push_back(std::get<HeaderSetting>(std::move(read)));
    }
  }
}

}  // namespace reeld
