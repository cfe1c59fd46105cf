// The table [api], but for its URL, its headers and its fields.

#include <algorithm>

#include "http/header_names.hpp"
#include "http/http_token.hpp"
#include "http/proxy_text.hpp"
#include "settings/api_credentials.hpp"
#include "settings/load_tables.hpp"

namespace reeld {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

void read_idempotency_header(TomlReader& reader, std::string& into) {
  constexpr std::string_view key = "api.idempotency_header";
  std::string name;
  reader.read_text(key, name);
  if (name.size() > 64 || (!name.empty() && !is_token(name))) {
    return reader.complain(key,
                           "must be a header's name, such as \"Idempotency-Key\", without a colon or spaces");
  }
  if (is_header_of_ours(name) || is_authorization(name)) {
    return reader.complain(key,
                           "is a header that reeld sends itself; write another, such as \"Idempotency-Key\"");
  }
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

void read_client_certificate(TomlReader& reader, ApiSettings& into) {
  read_path(reader, "api.client_cert_file", into.client_cert_file);
  read_path(reader, "api.client_key_file", into.client_key_file);
  if (into.client_cert_file.empty() == into.client_key_file.empty()) return;
  if (into.client_key_file.empty()) {
    reader.complain(
        "api.client_cert_file",
        "is given without a key; name the file that holds the certificate's key as client_key_file");
  } else {
    reader.complain("api.client_key_file",
                    "is given without a certificate; name the certificate's file as client_cert_file");
  }
}

}  // namespace

void read_api(TomlReader& reader, ApiSettings& into) {
  read_path(reader, "api.key_file", into.key_file);
  read_path(reader, "api.ca_file", into.ca_file);
  read_proxy(reader, into.proxy);
  read_idempotency_header(reader, into.idempotency_header);
  read_fields(reader, into.fields);
  reader.read_duration("api.connect_timeout", into.connect_timeout, {min_wait, minutes(10)});
  reader.read_duration("api.upload_timeout", into.upload_timeout, {min_wait, hours(1)});
  reader.read_duration("api.response_timeout", into.response_timeout, {min_wait, hours(24)});
  reader.read_duration("api.reuse_idle", into.reuse_idle, {milliseconds(0), minutes(10)});
  read_client_certificate(reader, into);
  read_headers(reader, into);
}

void read_allow_http(TomlReader& reader, std::vector<std::string>& into) {
  constexpr std::string_view key = "api.allow_http";
  std::vector<std::string> hosts;
  if (!reader.read_texts(key, hosts)) return;
  for (const std::string& host : hosts) {
    if (!is_host(host)) {
      return reader.complain(key,
                             "must hold names of hosts and addresses, such as [\"litellm\", \"10.0.0.5\"], "
                             "each whole, and without scheme, brackets, port or \"*\"");
    }
  }
  into = std::move(hosts);
}

}  // namespace reeld
