#pragma once
// What `reeld init` asks for. Errors: CommandFailure.

#include <string>
#include <string_view>

#include "commands/command_context.hpp"
#include "settings/load.hpp"

namespace reeld {

struct InitAnswers {
  std::string url;
  std::string key;
  std::string spool;  // an absolute path
};

/// Whether a path is text that a configuration can hold: UTF-8, without control characters.
bool is_plain(std::string_view path);

/// In this order, but for what `given` says. An answer that cannot be used is asked for again at a terminal,
/// and ends the command elsewhere. `default_spool`: where an empty answer means it; "" : there is none.
InitAnswers ask_for_answers(const SettingsOverrides& given, const std::string& default_spool,
                            const CommandContext& context);

}  // namespace reeld
