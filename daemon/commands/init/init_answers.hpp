#pragma once
// What `reeld init` asks for. Errors: CommandFailure.

#include <string>

#include "commands/command_context.hpp"
#include "settings/load.hpp"

namespace reeld {

struct InitAnswers {
  std::string url;
  std::string key;
  std::string spool;  // an absolute path
};

/// In this order, but for what `given` says. An answer that cannot be used is asked for again at a terminal,
/// and ends the command elsewhere. `default_spool`: where an empty answer means it; "" : there is none.
InitAnswers ask_for_answers(const SettingsOverrides& given, const std::string& default_spool,
                            const CommandContext& context);

}  // namespace reeld
