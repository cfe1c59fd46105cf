#include "submit/api_context.hpp"

#include <boost/system/system_error.hpp>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "net/proxy.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {
namespace {

std::string read_variable(const char* upper, const char* lower) {
  if (const char* const value = std::getenv(upper); value != nullptr && *value != '\0') return value;
  const char* const value = std::getenv(lower);
  return value == nullptr ? "" : value;
}

ClientOptions make_options(const ApiSettings& api, const ApiCredentials& credentials,
                           std::optional<ProxyAddress> proxy) {
  ClientOptions out;
  out.tls = api.url.tls;
  out.host = api.url.host;
  out.port = api.url.port;
  out.proxy = std::move(proxy);
  out.ca_file = api.ca_file;
  out.certificate = credentials.certificate;
  out.connect_timeout = api.connect_timeout;
  out.upload_timeout = api.upload_timeout;
  out.response_timeout = api.response_timeout;
  out.reuse_idle = api.reuse_idle;
  return out;
}

}  // namespace

std::variant<std::shared_ptr<ApiContext>, std::string> make_api_context(boost::asio::any_io_executor executor,
                                                                        Settings settings,
                                                                        ApiCredentials credentials) {
  // HTTPS_PROXY is for https.
  const ProxyEnvironment environment{settings.api.url.tls ? read_variable("HTTPS_PROXY", "https_proxy") : "",
                                     read_variable("NO_PROXY", "no_proxy")};
  auto chosen = choose_proxy(settings.api.proxy, environment, settings.api.url.host, settings.api.url.port);
  if (const auto* const complaint = std::get_if<ProxyComplaint>(&chosen)) return complaint->reason;
  auto& proxy = std::get<std::optional<ProxyAddress>>(chosen);
  const std::string via = proxy ? proxy->host + ":" + std::to_string(proxy->port) : "";
  try {
    auto client = std::make_unique<HttpClient>(std::move(executor),
                                               make_options(settings.api, credentials, std::move(proxy)));
    return std::make_shared<ApiContext>(std::move(settings), std::move(credentials), std::move(client), via);
  } catch (const std::system_error& error) {
    if (may_pass(error.code().value())) throw;
    return std::string(error.what());
  } catch (const boost::system::system_error& error) {
    if (may_pass(error.code().value())) throw;
    return std::string(error.what());
  } catch (const std::runtime_error& error) {
    return std::string(error.what());
  }
}

}  // namespace reeld
