#pragma once
// Everything that an attempt is made under: settings, key and client. A reload makes a new one; what is in
// flight keeps the old one until its last answer.

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <variant>

#include "net/http_client.hpp"
#include "settings/settings.hpp"

namespace reeld {

struct ApiSide {
  ApiSide(Settings all, std::string api_key, std::unique_ptr<HttpClient> http, std::string via)
      : settings(std::move(all)), key(std::move(api_key)), client(std::move(http)), proxy(std::move(via)) {}
  Settings settings;
  std::string key;
  std::unique_ptr<HttpClient> client;
  std::string proxy;  // "host:port", "" if none: for the log
};

/// Errors: a text for people (a bad proxy, a CA file that cannot be read).
std::variant<std::shared_ptr<ApiSide>, std::string> make_api_side(boost::asio::any_io_executor executor,
                                                                  Settings settings, std::string key);

}  // namespace reeld
