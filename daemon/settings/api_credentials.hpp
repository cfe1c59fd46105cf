#pragma once
// What a request carries that is no setting, but read from files and credentials: the key, the headers of
// [api.headers], and the client certificate.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/secrets.hpp"
#include "settings/settings.hpp"

namespace reeld {

struct RequestHeader {
  std::string name;
  std::string value;
  bool is_secret = false;
  bool operator==(const RequestHeader&) const = default;
};

/// A file's text, and where it came from, for messages.
struct PemFile {
  std::string path;
  std::string text;
};

struct ClientCertificate {
  PemFile certificate;  // the client's own comes first; those that have issued it may follow
  PemFile key;
};

struct ApiCredentials {
  std::string key;
  std::vector<RequestHeader> headers;
  std::optional<ClientCertificate> certificate;
};

/// The key goes after "Bearer " in this header, and alone in any other.
bool is_authorization(std::string_view header);

/// All that is to be in no log and in no result.
Secrets list_secrets(const ApiSettings& api, const ApiCredentials& credentials);

/// What the value of a header may be: without the line ends and blanks that editors leave at a file's end. A
/// complaint says what is wrong without showing any of it, and reads well after "/etc/reeld/tenant: ".
struct HeaderComplaint {
  std::string reason;
};
std::variant<std::string, HeaderComplaint> check_header_value(std::string_view text);

}  // namespace reeld
