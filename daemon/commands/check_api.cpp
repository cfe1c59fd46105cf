#include "commands/check_api.hpp"

#include <stdexcept>

#include "commands/api_key.hpp"
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
  const ProxyEnvironment proxies{read_either(environment, "HTTPS_PROXY", "https_proxy"),
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
void check_certificates(const ApiSettings& api, CheckReport& report) {
  if (!api.url.tls) return report.say("certificates", "not needed: http");
  try {
    const TlsContext context(api.url.host, api.ca_file);
    report.say("certificates", api.ca_file.empty() ? "the system's" : "the system's and " + api.ca_file);
  } catch (const std::runtime_error& error) {
    report.complain(error.what());
  }
}

}  // namespace

void check_api(const ApiSettings& api, const Environment& environment, CheckReport& report) {
  report.say("API", api.url.videos_url());
  if (const std::string odd = describe_odd_root(api.url); !odd.empty()) report.warn("api.url: " + odd);
  check_proxy(api, environment, report);
  check_certificates(api, report);
}

void check_key(const std::variant<FoundKey, NoKey>& found, CheckReport& report) {
  if (const auto* missing = std::get_if<NoKey>(&found)) return report.complain(missing->message);
  const auto& key = std::get<FoundKey>(found);
  report.say("key", "from " + key.source);
  if (!key.warning.empty()) report.warn(key.warning);
  if (const std::string odd = describe_odd_key(key.key); !odd.empty()) report.warn(key.source + ": " + odd);
}

}  // namespace reeld
