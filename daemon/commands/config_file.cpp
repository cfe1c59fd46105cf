#include "commands/config_file.hpp"

#include <filesystem>
#include <system_error>

#include "commands/command_failure.hpp"
#include "commands/text_file.hpp"
#include "settings/exit_code.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_file = 1024 * 1024;

// --spool may be relative to where the command was given; nothing that follows should depend on that.
std::string make_absolute(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error) return path;
  std::string normal = absolute.lexically_normal().string();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

}  // namespace

std::string choose_config_file(const CommonOptions& options, const std::string& default_file) {
  if (options.config_given) return options.config;
  std::error_code error;
  const auto status = std::filesystem::symlink_status(default_file, error);
  // One that is there and cannot be looked at is read all the same, so that the error is seen.
  return status.type() == std::filesystem::file_type::not_found ? "" : default_file;
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
    throw CommandFailure(exit_code::configuration, complaint->message);
  auto& settings = std::get<Settings>(loaded);
  settings.spool.path = make_absolute(settings.spool.path);
  return std::move(settings);
}

Settings load_config_file(const std::string& file, const SettingsOverrides& overrides) {
  return load_config_text(read_config_text(file), overrides);
}

}  // namespace reeld
