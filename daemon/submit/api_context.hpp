#pragma once
// Everything that an attempt is made under: settings, credentials and client. A reload makes a new one; what
// is in flight keeps the old one until its last answer.

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <variant>

#include "net/http_client.hpp"
#include "settings/api_credentials.hpp"
#include "settings/settings.hpp"

namespace reeld {

struct ApiContext {
  ApiContext(Settings all, ApiCredentials with, std::unique_ptr<HttpClient> http, std::string via)
      : settings(std::move(all)),
        credentials(std::move(with)),
        secrets(list_secrets(settings.api, credentials)),
        client(std::move(http)),
        proxy(std::move(via)) {}
  Settings settings;
  ApiCredentials credentials;
  Secrets secrets;  // of both
  std::unique_ptr<HttpClient> client;
  std::string proxy;  // "host:port", "" if none: for the log
};

/// Errors: a text for people (a bad proxy, a CA file that cannot be read, a key that is not the
/// certificate's).
std::variant<std::shared_ptr<ApiContext>, std::string> make_api_context(boost::asio::any_io_executor executor,
                                                                        Settings settings,
                                                                        ApiCredentials credentials);

}  // namespace reeld
