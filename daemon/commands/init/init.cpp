#include "commands/init/init.hpp"

#include <unistd.h>

#include <filesystem>
#include <ostream>

#include "codec/terminal_text.hpp"
#include "commands/check/check.hpp"
#include "commands/command_failure.hpp"
#include "commands/config_file.hpp"
#include "commands/init/init_answers.hpp"
#include "commands/init/init_files.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

/// Where `reeld run` looks by itself; root's is the unit's.
std::string choose_place(const CommandLine& line, const CommandContext& context) {
  if (line.common.config_given) return fs::absolute(line.common.config).lexically_normal().string();
  if (const auto asked = context.environment("REELD_CONFIG"); asked && !asked->empty())
    return fs::absolute(*asked).lexically_normal().string();
  if (::geteuid() == 0) return context.default_config_file;
  const std::string own = name_own_config(context.environment);
  if (own.empty())
    throw CommandFailure(exit_code::usage,
                         "HOME is not set: say with --config where the configuration is to be");
  return own;
}

/// The key lies beside the configuration, under a name of its own; in the unit's folder, where the unit has
/// its credential from.
InitPlaces find_places(const std::string& config, const CommandContext& context) {
  const fs::path path(config);
  const fs::path standard(context.default_config_file);
  const bool is_standard = path.filename() == standard.filename() || path.filename() == "reeld.toml";
  InitPlaces places;
  places.config = config;
  places.is_units = ::geteuid() == 0 && path.parent_path() == standard.parent_path();
  const std::string plain = places.is_units ? "api-key" : "key";
  places.key = (path.parent_path() / (is_standard ? plain : path.stem().string() + ".key")).string();
  return places;
}

bool is_as_installed(const std::string& file) {
  try {
    return read_config_text(file).text == installed_config();
  } catch (const CommandFailure&) {
    return false;
  }
}

/// Both may be named by what a person has typed.
void refuse_odd_names(const InitPlaces& places) {
  if (!is_plain(places.config) || places.config == places.key || places.config.ends_with('/'))
    throw CommandFailure(exit_code::usage, "--config needs the name of a file, such as reeld.toml");
}

void refuse_what_is_there(const InitPlaces& places) {
  for (const std::string& file : {places.config, places.key}) {
    std::error_code error;
    if (fs::symlink_status(file, error).type() == fs::file_type::not_found) continue;
    if (file == places.config && is_as_installed(file))
      throw CommandFailure(
          exit_code::failed,
          file +
              " is there already, as the package has put it there, and nothing is overwritten; "
              "set url in it, put the key into " +
              places.key + " (mode 0600), and look at it with reeld check");
    throw CommandFailure(
        exit_code::failed,
        file +
            " is there already, and nothing is overwritten; change it with an editor and look at it "
            "with reeld check, or name another file with --config");
  }
}

std::string choose_spool(const CommandContext& context) {
  if (::geteuid() == 0) return "/var/spool/reeld";
  const fs::path home(context.environment("HOME").value_or(""));
  return home.is_absolute() ? (home / "reeld").string() : "";
}

void say_what_next(const InitPlaces& places, const InitAnswers& answers, const CommandContext& context) {
  const bool is_found = choose_config_file(CommonOptions{}, context).file == places.config;
  const std::string with = is_found ? "" : " --config '" + places.config + "'";
  if (places.is_units) {
    const std::string stem = fs::path(places.config).stem().string();
    const bool is_standard = places.config == context.default_config_file;
    context.out
        << "\nThe service runs as the user reeld: give it the folder (chown reeld:reeld "
        << escape_steering(answers.spool)
        << "), and where that is not the unit's own, name it in a drop-in with ReadWritePaths=.\nStart it with:   "
        << "systemctl enable --now reeld" << (is_standard ? "" : "@" + stem);
    if (has_secret(answers))
      context.out
          << "\nThe URL holds a secret, so that only root can read the configuration: let the service "
             "read it, with   chgrp reeld "
          << places.config << " && chmod 0640 " << places.config;
  } else {
    context.out << "\nStart it with:   reeld run" << with;
  }
  context.out
      << "\nThen put a prompt and an image of one name into " << escape_steering(answers.spool)
      << ": scene1.txt, scene1.png.\nEach pair is submitted once, and costs what your API charges for a video.\n";
}

}  // namespace

int run_init(const CommandLine& line, const CommandContext& context) {
  const InitPlaces places = find_places(choose_place(line, context), context);
  refuse_odd_names(places);
  refuse_what_is_there(places);
  const InitAnswers answers = ask_for_answers(line.common.overrides, choose_spool(context), context);
  write_files(places, answers);
  context.out << "wrote " << places.key << " (the key; only you can read it)\nwrote " << places.config
              << "\n\n";
  CommandLine check = line;
  check.command = Command::check;
  check.online = true;
  check.common.config = places.config;
  check.common.config_given = true;
  check.common.overrides = {};
  context.out.flush();
  const int code = run_check(check, context);
  if (code == exit_code::fine) {
    say_what_next(places, answers, context);
  } else {
    context.err << "reeld: the files are written, but the check has found what stands above; correct "
                << places.config << " or " << places.key << ", and look again with reeld check --online\n";
  }
  return code;
}

}  // namespace reeld
