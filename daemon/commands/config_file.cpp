#include "commands/config_file.hpp"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "commands/command_failure.hpp"
#include "commands/text_file.hpp"
#include "settings/exit_code.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_file = 1024 * 1024;

/// One that is there and cannot be looked at is read all the same, so that the error is seen.
bool may_be_there(const std::string& file) {
  std::error_code error;
  return std::filesystem::symlink_status(file, error).type() != std::filesystem::file_type::not_found;
}

/// $HOME may be somebody else's (sudo -u, setpriv): what lies in it is then nobody's own. A link that leads
/// nowhere is there: that its target is missing has to be said.
bool is_within_reach(const std::string& file) {
  std::error_code error;
  return !file.empty() && std::filesystem::exists(std::filesystem::symlink_status(file, error));
}

}  // namespace

// Nothing that follows should depend on the current folder.
std::string make_absolute(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error) return path;
  std::string normal = absolute.lexically_normal().string();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

std::string name_own_config(const Environment& environment) {
  std::filesystem::path folder(environment("XDG_CONFIG_HOME").value_or(""));
  if (!folder.is_absolute()) folder = std::filesystem::path(environment("HOME").value_or("")) / ".config";
  return folder.is_absolute() ? (folder / "reeld" / "reeld.toml").string() : "";
}

ConfigChoice choose_config_file(const CommonOptions& options, const Environment& environment,
                                const std::string& default_file) {
  if (options.config_given) return {options.config, true};
  if (const auto asked = environment("REELD_CONFIG"); asked && !asked->empty()) return {*asked, true};
  // Root's own would be read by a daemon that acts as somebody else.
  const std::string own = ::geteuid() == 0 ? "" : name_own_config(environment);
  if (is_within_reach(own)) return {own};
  return {may_be_there(default_file) ? default_file : ""};
}

ConfigText read_config_text(const std::string& file) {
  if (file.empty()) return ConfigText{};
  auto read = read_text_file(file, max_file, TextSource::any);
  if (const auto* const error = std::get_if<SysError>(&read)) {
    const bool is_unsafe = error->code == others_may_write;
    throw CommandFailure(
        exit_code::of_trouble(may_pass(error->code)),
        error->message + (is_unsafe ? "" : "; the configuration must be a file that reeld can read"));
  }
  auto& contents = std::get<TextFile>(read);
  return ConfigText{file, std::move(contents.text), contents.is_regular};
}

Settings load_config_text(const ConfigText& config, const SettingsOverrides& overrides) {
  auto loaded = load_settings(config.text, config.file, overrides);
  if (const auto* const complaint = std::get_if<SettingsComplaint>(&loaded))
    throw CommandFailure(exit_code::configuration, complaint->message, complaint->others);
  auto& settings = std::get<Settings>(loaded);
  settings.spool.path = make_absolute(settings.spool.path);
  return std::move(settings);
}

Settings load_config_file(const std::string& file, const SettingsOverrides& overrides) {
  return load_config_text(read_config_text(file), overrides);
}

}  // namespace reeld
