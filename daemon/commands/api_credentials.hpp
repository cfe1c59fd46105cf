#pragma once
// Everything that goes with a request and is no setting, from where it lies: the key, the headers of
// [api.headers] and the client certificate.

#include <string>
#include <variant>
#include <vector>

#include "commands/api_key.hpp"
#include "commands/environment.hpp"
#include "settings/api_credentials.hpp"

namespace reeld {

struct FoundCredentials {
  ApiCredentials credentials;
  std::string key_source;             // see FoundKey
  std::vector<std::string> warnings;  // for people: files that are open to others
};

/// The key is looked for first. What can be wrong with a certificate besides its files is found out when it
/// is used.
std::variant<FoundCredentials, NoKey> find_credentials(const ApiSettings& api,
                                                       const Environment& environment);

/// What goes over the network in the clear, for people: one line for the API's host, if it is spoken to
/// without TLS and is not this machine.
std::vector<std::string> list_open_ways(const ApiSettings& api);

}  // namespace reeld
