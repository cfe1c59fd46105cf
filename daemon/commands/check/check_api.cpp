#include "commands/check/check_api.hpp"

#include <stdexcept>

#include "net/proxy.hpp"
#include "net/tls_context.hpp"
#include "settings/odd_values.hpp"

namespace reeld {
namespace {

std::string read_either(const Environment& environment, const char* upper, const char* lower) {
  const auto value = environment(upper);
  if (value && !value->empty()) return *value;
  return environment(lower).value_or("");
}

void check_proxy(const ApiSettings& api, const Environment& environment, CheckReport& report) {
  const ProxyEnvironment proxies{api.url.tls ? read_either(environment, "HTTPS_PROXY", "https_proxy") : "",
                                 read_either(environment, "NO_PROXY", "no_proxy")};
  const auto chosen = choose_proxy(api.proxy, proxies, api.url.host, api.url.port);
  const std::string source = api.proxy.empty() ? "HTTPS_PROXY" : "api.proxy";
  if (const auto* complaint = std::get_if<ProxyComplaint>(&chosen)) {
    return report.complain(complaint->reason);
  }
  const auto& proxy = std::get<std::optional<ProxyAddress>>(chosen);
  if (!proxy) return report.say("proxy", "none");
  report.say("proxy", proxy->host + ":" + std::to_string(proxy->port) + ", from " + source);
}

// Made as the daemon makes it, and thrown away.
void check_certificates(const ApiSettings& api, const std::optional<ClientCertificate>& certificate,
                        CheckReport& report) {
  if (!api.url.tls) return report.say("certificates", "not needed: http");
  try {
    const TlsContext context(api.url.host, api.ca_file, certificate);
    report.say("certificates", api.ca_file.empty() ? "the system's" : "the system's and " + api.ca_file);
    if (certificate) report.say("client", "shows the certificate in " + certificate->certificate.path);
  } catch (const std::runtime_error& error) {
    report.complain(error.what());
  }
}

std::string describe_source(const HeaderSetting& header) {
  switch (header.source) {
    case HeaderSetting::Source::text:
      return "";
    case HeaderSetting::Source::file:
      return " (from " + header.value + ")";
    case HeaderSetting::Source::credential:
      return " (from the credential " + header.value + ")";
  }
  return "";
}

// Values are not shown: there may be secrets among them.
void say_headers(const ApiSettings& api, CheckReport& report) {
  std::string list;
  for (const HeaderSetting& header : api.headers)
    list += (list.empty() ? "" : ", ") + header.name + describe_source(header);
  if (!list.empty()) report.say("headers", list);
}

void say_field_names(const FieldNames& names, CheckReport& report) {
  std::string list;
  const auto add = [&list](const std::string& name, const std::string& sent) {
    if (name != sent) list += (list.empty() ? "" : ", ") + name + " as " + sent;
  };
  add("prompt", names.prompt);
  add("input_reference", names.image);
  for (const auto& [name, sent] : names.others) add(name, sent);
  if (!list.empty()) report.say("fields", list);
}

}  // namespace

void check_api(const ApiSettings& api, const std::variant<FoundCredentials, NoKey>& found,
               const Environment& environment, CheckReport& report) {
  report.say("API", api.url.videos_url());
  if (const std::string odd = describe_odd_root(api.url); !odd.empty()) report.warn("api.url: " + odd);
  for (const std::string& line : list_open_ways(api)) report.warn(line);
  check_proxy(api, environment, report);
  const auto* const all = std::get_if<FoundCredentials>(&found);
  check_certificates(api, all == nullptr ? std::nullopt : all->credentials.certificate, report);
  say_field_names(api.fields, report);
  say_headers(api, report);
  if (all == nullptr) return report.complain(std::get<NoKey>(found).message);
  const std::string way = is_authorization(api.auth_header) ? "" : ", in the header " + api.auth_header;
  report.say("key", "from " + all->key_source + way);
  for (const std::string& warning : all->warnings) report.warn(warning);
  const std::string odd = describe_odd_key(all->credentials.key);
  if (!odd.empty()) report.warn(all->key_source + ": " + odd);
}

}  // namespace reeld
