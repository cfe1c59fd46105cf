#pragma once
// Runs a command with everything around it faked: streams, environment, and the daemon.

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "commands/fake_environment.hpp"
#include "commands/run_command.hpp"
#include "support/temp_folder.hpp"

namespace reeld {

class CommandRunner {
 public:
  CommandRunner() { folder.make_folder("spool"); }

  int run(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    started.clear();
    const CommandContext context{out,
                                 err,
                                 make_environment(variables),
                                 folder / "default.toml",
                                 [this](const DaemonOptions& options) {
                                   started.push_back(options);
                                   return daemon_result;
                                 },
                                 [this](const std::string& question) {
                                   asked = question;
                                   if (meanwhile) meanwhile();
                                   return answer;
                                 },
                                 is_terminal,
                                 answer_text,
                                 is_in_terminal};
    return run_command(std::get<CommandLine>(parse_command_line(arguments)), context);
  }

  TempFolder folder;
  std::map<std::string, std::string> variables{{"REELD_API_KEY", "hunter2"}};
  std::ostringstream out;
  std::ostringstream err;
  std::vector<DaemonOptions> started;
  int daemon_result = 0;
  std::string asked;
  std::function<void()> meanwhile;  // while the question is open
  bool is_terminal = false;         // standard output
  std::function<std::optional<std::string>(const std::string&, bool)> answer_text;
  bool is_in_terminal = false;  // standard input
  std::optional<bool> answer;   // at a terminal; nullopt: there is none
};

}  // namespace reeld
