#include "commands/api_key.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "commands/text_file.hpp"
#include "settings/api_key.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {
namespace {

constexpr const char* key_variable = "REELD_API_KEY";
constexpr const char* credentials_variable = "CREDENTIALS_DIRECTORY";  // systemd.exec(5)
constexpr const char* credential_name = "api-key";
// What is in the credentials folder is a copy: a complaint has to name what a person can mend.
constexpr const char* credential_origin =
    " (it is a copy of the file that the unit's LoadCredential= names, for reeld.service /etc/reeld/api-key, "
    "made when the unit starts)";
constexpr std::size_t max_key_file = 16 * 1024;

std::variant<FoundKey, NoKey> check(const std::string& text, const std::string& source) {
  auto checked = check_api_key(text);
  if (const auto* complaint = std::get_if<ApiKeyComplaint>(&checked))
    return NoKey{source + ": " + complaint->reason, false};
  return FoundKey{std::get<std::string>(std::move(checked)), source, ""};
}

std::variant<FoundKey, NoKey> read_key_file(const std::string& path) {
  auto file = read_text_file(path, max_key_file);
  if (const auto* error = std::get_if<SysError>(&file)) {
    if (error->code == others_may_write) return NoKey{error->message};
    return NoKey{
        error->message + "; api.key_file must name a file that reeld can read, with the API key in it",
        may_pass(error->code)};
  }
  const auto& text = std::get<TextFile>(file);
  auto found = check(text.text, path);
  if (auto* key = std::get_if<FoundKey>(&found)) key->warning = describe_openness(text, path, "the API key");
  return found;
}

}  // namespace

std::variant<FoundKey, NoKey> find_api_key(const std::string& key_file, const Environment& environment) {
  if (!key_file.empty()) return read_key_file(key_file);
  if (const auto folder = environment(credentials_variable); folder && !folder->empty()) {
    const std::string path = *folder + "/" + credential_name;
    const auto file = read_text_file(path, max_key_file);
    if (const auto* text = std::get_if<TextFile>(&file)) {
      auto found = check(text->text, path);
      if (auto* const missing = std::get_if<NoKey>(&found)) missing->message += credential_origin;
      return found;
    }
    const auto& error = std::get<SysError>(file);
    if (error.code != ENOENT)
      return NoKey{error.message + "; the systemd credential \"api-key\" cannot be used",
                   may_pass(error.code)};
  }
  if (const auto value = environment(key_variable)) return check(*value, key_variable);
  return NoKey{
      "no API key: name a file that holds it as api.key_file, or provide the systemd credential \"api-key\", "
      "or set "
      "REELD_API_KEY",
      false};
}

std::string find_unit_folder(const std::string& config, const std::string& default_config) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(default_config).parent_path();
  std::error_code error;
  const bool is_units = config.empty() || fs::equivalent(fs::path(config).parent_path(), folder, error);
  return ::geteuid() == 0 && is_units ? folder.string() : "";
}

std::string find_unit_key(const std::string& config, const std::string& default_config) {
  namespace fs = std::filesystem;
  const fs::path folder = find_unit_folder(config, default_config);
  if (folder.empty()) return {};
  const fs::path asked(config.empty() ? default_config : config);
  const bool is_instance = asked.filename() != fs::path(default_config).filename();
  const fs::path key = folder / (is_instance ? asked.stem().string() + ".key" : std::string(credential_name));
  std::error_code error;
  return fs::exists(fs::symlink_status(key, error)) ? key.string() : "";
}

}  // namespace reeld
