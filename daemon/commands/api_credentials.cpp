#include "commands/api_credentials.hpp"

#include "commands/text_file.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_header_file = 16 * 1024;
constexpr std::size_t max_pem_file = 1024 * 1024;
constexpr const char* folder_of_credentials = "CREDENTIALS_DIRECTORY";  // systemd.exec(5)

/// A file's text; or what to say, `advice` at its end but where the message has the cure.
std::variant<TextFile, NoKey> read_file_of(const std::string& setting, const std::string& path,
                                           std::size_t most, const std::string& advice) {
  auto read = read_text_file(path, most);
  if (auto* const file = std::get_if<TextFile>(&read)) return std::move(*file);
  const auto& error = std::get<SysError>(read);
  const bool has_cure = error.code == others_may_write;
  return NoKey{setting + ": " + error.message + (has_cure ? "" : "; " + advice),
               !has_cure && may_pass(error.code)};
}

/// Finds the headers one after the other; the first that cannot be had is the end.
class HeaderFinder {
 public:
  HeaderFinder(const Environment& environment, FoundCredentials& into)
      : environment_(environment), into_(into) {}

  std::optional<NoKey> add(const HeaderSetting& setting) {
    const std::string key = "api.headers." + setting.name;
    if (setting.source == HeaderSetting::Source::text) {
      into_.credentials.headers.push_back({setting.name, setting.value, names_secret(setting.name)});
      return std::nullopt;
    }
    if (setting.source == HeaderSetting::Source::file)
      return add_file(setting.name, key, setting.value, "it must name a file that reeld can read");
    const auto folder = environment_(folder_of_credentials);
    if (!folder || folder->empty())
      return NoKey{key + ": there is no systemd credential \"" + setting.value +
                       "\", for reeld was not started by a unit with credentials; write LoadCredential=" +
                       setting.value + ":/path into its unit, or { file = \"/path\" } here",
                   false};
    return add_file(
        setting.name, key, *folder + "/" + setting.value,
        "the unit's LoadCredential= must name a file for the credential \"" + setting.value + "\"");
  }

 private:
  std::optional<NoKey> add_file(const std::string& name, const std::string& key, const std::string& path,
                                const std::string& advice) {
    auto read = read_file_of(key, path, max_header_file, advice);
    if (auto* const missing = std::get_if<NoKey>(&read)) return std::move(*missing);
    const auto& file = std::get<TextFile>(read);
    auto checked = check_header_value(file.text);
    if (const auto* const complaint = std::get_if<HeaderComplaint>(&checked))
      return NoKey{key + ": " + path + ": " + complaint->reason, false};
    if (std::string warning = describe_openness(file, path, "the header " + name); !warning.empty())
      into_.warnings.push_back(std::move(warning));
    into_.credentials.headers.push_back({name, std::get<std::string>(std::move(checked)), true});
    return std::nullopt;
  }

  const Environment& environment_;
  FoundCredentials& into_;
};

std::optional<NoKey> add_certificate(const ApiSettings& api, ApiCredentials& into) {
  if (api.client_cert_file.empty()) return std::nullopt;
  auto certificate = read_file_of("api.client_cert_file", api.client_cert_file, max_pem_file,
                                  "it must name a file that reeld can read, with the certificate in PEM");
  if (auto* const missing = std::get_if<NoKey>(&certificate)) return std::move(*missing);
  auto key = read_file_of("api.client_key_file", api.client_key_file, max_pem_file,
                          "it must name a file that reeld can read, with the certificate's key in PEM");
  if (auto* const missing = std::get_if<NoKey>(&key)) return std::move(*missing);
  auto& key_file = std::get<TextFile>(key);
  if (const std::string fault = describe_openness(key_file, api.client_key_file, "the certificate's key");
      !fault.empty())
    return NoKey{"api.client_key_file: " + fault, false};
  into.certificate =
      ClientCertificate{{api.client_cert_file, std::move(std::get<TextFile>(certificate).text)},
                        {api.client_key_file, std::move(key_file.text)}};
  return std::nullopt;
}

}  // namespace

std::variant<FoundCredentials, NoKey> find_credentials(const ApiSettings& api,
                                                       const Environment& environment) {
  auto found_key = find_api_key(api.key_file, environment);
  if (auto* const missing = std::get_if<NoKey>(&found_key)) return std::move(*missing);
  auto& key = std::get<FoundKey>(found_key);
  FoundCredentials found;
  found.credentials.key = std::move(key.key);
  found.key_source = std::move(key.source);
  if (!key.warning.empty()) found.warnings.push_back(std::move(key.warning));
  HeaderFinder headers(environment, found);
  for (const HeaderSetting& setting : api.headers) {
    if (auto missing = headers.add(setting)) return std::move(*missing);
  }
  if (auto missing = add_certificate(api, found.credentials)) return std::move(*missing);
  return found;
}

std::vector<std::string> list_open_ways(const ApiSettings& api) {
  if (api.url.tls || is_loopback_host(api.url.host)) return {};
  return {"api.allow_http: " + api.url.host +
          " is spoken to without TLS: who is on the way can read the API key and every pair"};
}

}  // namespace reeld
