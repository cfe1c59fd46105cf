#pragma once
// What is to be in no log and in no result, whatever an API makes of it: the API key, secret headers, and the
// secrets in the URL's query.
//
// Pure.

#include <string>
#include <string_view>
#include <vector>

namespace reeld {

class Secrets {
 public:
  /// Shorter ones would take ordinary words out of every message; the key's length does not matter.
  static constexpr std::size_t least = 8;  // characters

  Secrets() = default;
  /// "" : there is no key.
  explicit Secrets(std::string_view key) : key_(key) {}

  /// Of a header's value with a scheme before it ("Basic dXNlcg=="), what follows the scheme is one too.
  void add(std::string_view secret);
  /// `text` with "[key]" and "[secret]" in their places, in every way in which `take_out_key` finds them.
  std::string take_out(std::string text) const;
  bool operator==(const Secrets&) const = default;

 private:
  std::string key_;
  std::vector<std::string> others_;  // the longest first: one may lie within another
};

/// Whether the name of a header or of a value in a query says that what it carries is a secret
/// ("Ocp-Apim-Subscription-Key", "access_token", "sig", "code").
bool names_secret(std::string_view name);

}  // namespace reeld
