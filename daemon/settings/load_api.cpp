// The table [api], but for its URL.

#include <algorithm>
#include <array>

#include "codec/http_token.hpp"
#include "core/ascii.hpp"
#include "settings/load_tables.hpp"
#include "settings/proxy_text.hpp"

namespace reeld {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Headers that are reeld's to set, or that would change what is sent.
constexpr std::array<std::string_view, 15> taken_headers{
    "authorization",       "host",       "content-type",    "content-length",
    "transfer-encoding",   "connection", "expect",          "accept",
    "user-agent",          "te",         "trailer",         "upgrade",
    "proxy-authorization", "cookie",     "content-encoding"};

bool is_field_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("_-.[]").find(c) != std::string_view::npos;
  });
}

void read_idempotency_header(TomlReader& reader, std::string& into) {
  constexpr std::string_view key = "api.idempotency_header";
  std::string name;
  reader.read_text(key, name);
  if (name.size() > 64 || (!name.empty() && !is_token(name))) {
    return reader.complain(key,
                           "must be a header's name, such as \"Idempotency-Key\", without a colon or spaces");
  }
  if (std::find(taken_headers.begin(), taken_headers.end(), to_lower(name)) != taken_headers.end()) {
    return reader.complain(key,
                           "is a header that reeld sends itself; write another, such as \"Idempotency-Key\"");
  }
  into = std::move(name);
}

void read_image_field(TomlReader& reader, std::string& into) {
  constexpr std::string_view key = "api.image_field";
  std::string name = into;
  reader.read_text(key, name);
  if (name.empty() || name.size() > 64 || !is_field_name(name)) {
    return reader.complain(
        key, "must be a form field's name, such as \"input_reference\": letters, digits and _-.[]");
  }
  if (name == "prompt")
    return reader.complain(key, "is the field of the prompt; write another, such as \"input_reference\"");
  // What [job] sends of itself; what else is there is looked at when it is read.
  if (find_field(Settings().job, name) != nullptr)
    return reader.complain(key, "is \"" + name + "\", which [job] sends as a text; write another");
  into = std::move(name);
}

// It may hold a password, so it is never repeated.
void read_proxy(TomlReader& reader, std::string& into) {
  constexpr std::string_view key = "api.proxy";
  std::string proxy;
  reader.read_text(key, proxy);
  const bool is_plain = std::all_of(proxy.begin(), proxy.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!is_plain)
    return reader.complain(
        key, "has a space or a character that is not ASCII; write \"http://proxy.example.com:3128\"");
  const auto parsed = parse_proxy(proxy);
  const auto* const reason = std::get_if<std::string>(&parsed);
  if (!proxy.empty() && reason != nullptr) return reader.complain(key, *reason);
  into = std::move(proxy);
}

}  // namespace

void read_api(TomlReader& reader, ApiSettings& into) {
  read_path(reader, "api.key_file", into.key_file);
  read_path(reader, "api.ca_file", into.ca_file);
  read_proxy(reader, into.proxy);
  read_idempotency_header(reader, into.idempotency_header);
  read_image_field(reader, into.image_field);
  reader.read_duration("api.connect_timeout", into.connect_timeout, {least_wait, minutes(10)});
  reader.read_duration("api.upload_timeout", into.upload_timeout, {least_wait, hours(1)});
  reader.read_duration("api.response_timeout", into.response_timeout, {least_wait, hours(24)});
  reader.read_duration("api.reuse_idle", into.reuse_idle, {milliseconds(0), minutes(10)});
}

}  // namespace reeld
