#include "settings/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <vector>

#include "core/nearest_word.hpp"
#include "core/utf8.hpp"
#include "settings/exit_code.hpp"
#include "settings/log_words.hpp"
#include "settings/pair_states.hpp"
#include "settings/units.hpp"

namespace reeld {
namespace {

constexpr std::array<std::string_view, 13> command_names{"run",   "drain",   "check", "status",  "list",
                                                         "retry", "resolve", "hold",  "release", "adopt",
                                                         "init",  "forget",  "ledger"};

constexpr const char* about =
    "reeld watches a spool directory and submits each pair of a prompt (scene1.txt) and an image\n"
    "(scene1.png) to an OpenAI-format video API: once, never twice.";

constexpr const char* exit_codes =
    "Exit codes: 0 fine, 1 failed, 64 usage, 75 try later (the spool is locked), 78 configuration.\n"
    "The API key comes from the file that api.key_file names, else from the systemd credential \"api-key\",\n"
    "else from $REELD_API_KEY.";

CommandLineText complain(const std::string& reason) {
  return {"reeld: " + reason + "; see reeld --help\n", exit_code::usage};
}

void add_common_options(CLI::App& command, CommonOptions& into) {
  command
      .add_option_function<std::string>(
          "--config",
          [&into](const std::string& file) {
            into.config = file;
            into.config_given = true;
          },
          "Configuration file (default: $REELD_CONFIG; else, but for root, ~/.config/reeld/reeld.toml; else " +
              std::string(default_config_file) + ", where there is one)")
      ->type_name("FILE");
  command.add_option("--spool", into.overrides.spool, "Spool directory, instead of the configuration's")
      ->type_name("DIR");
  command.add_option("--url", into.overrides.url, "The API's URL, instead of the configuration's")
      ->type_name("URL");
}

/// "a, b or c".
std::string list_words(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words)
    text.append(text.empty() ? "" : word == words.back() ? " or " : ", ").append(word);
  return text;
}

/// Takes the word that was given, if one was. Returns what is wrong with it.
template <class Word, std::size_t count>
std::optional<std::string> take_word(const std::string& option, const std::optional<std::string>& given,
                                     const std::array<std::pair<std::string_view, Word>, count>& words,
                                     std::optional<Word>& into) {
  if (!given) return std::nullopt;
  std::vector<std::string_view> names;
  for (const auto& [name, word] : words) {
    if (name == *given) into = word;
    names.push_back(name);
  }
  if (into) return std::nullopt;
  return option + " must be " + list_words(names) + "; \"" + *given + "\" was given";
}

std::optional<std::string> find_empty_option(const CommonOptions& options) {
  if (options.config.empty()) return "--config needs a file's name";
  if (options.overrides.spool && options.overrides.spool->empty()) return "--spool needs a directory's name";
  if (options.overrides.url && options.overrides.url->empty()) return "--url needs a URL";
  return std::nullopt;
}

std::string list_commands() {
  return list_words(command_names);
}

// The id goes into a file and a log: text, on one line.
std::optional<std::string> find_bad_id(const std::string& id) {
  constexpr std::size_t longest = 1000;
  const bool has_control =
      std::any_of(id.begin(), id.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (!id.empty() && !has_control && id.size() <= longest && find_invalid_utf8(id) == std::string_view::npos)
    return std::nullopt;
  return "--accepted needs the job's id at the API";
}

// CLI11 would take an unknown command for an argument too many, and say nothing of what was meant.
std::optional<CommandLineText> find_unknown_command(std::span<const std::string> arguments) {
  if (arguments.empty()) return complain("no command given: " + list_commands());
  const std::string& first = arguments.front();
  if (first == "-h" || first == "--help" || first == "--version" || first == "help") return std::nullopt;
  if (first.starts_with('-')) return complain("the command comes before its options: " + list_commands());
  if (std::find(command_names.begin(), command_names.end(), first) != command_names.end())
    return std::nullopt;
  if (first == "follow")
    return complain("following jobs that were submitted is not in this version of reeld (" REELD_VERSION ")");
  const auto nearest = find_nearest(first, command_names);
  return complain("unknown command \"" + first + "\"" +
                  (nearest ? "; did you mean \"" + std::string(*nearest) + "\"?" : ""));
}

// The program and its commands, tied to the value that they fill.
class Parser {
 public:
  Parser() {
    app_.set_version_flag("--version", "reeld " REELD_VERSION, "Print the version and exit");
    app_.set_help_flag("-h,--help", "Print this help and exit");
    app_.require_subcommand(1);
    app_.footer(exit_codes);
    add_log_options(add("run", Command::run, "The daemon, in the foreground"));
    CLI::App& drain =
        add("drain", Command::drain, "Submit what is there and exit: 0 if all was accepted, else 1");
    add_log_options(drain);
    drain.add_option("--patience", patience_, "End when nothing has moved for so long (default: 10m)")
        ->type_name("TIME");
    CLI::App& check = add("check", Command::check, "Look at configuration, spool and key; send nothing");
    add_log_options(check);
    check.add_flag("--pairs", result_.pairs, "Also each pair in the spool, and what would be sent");
    check.add_flag("--online", result_.online,
                   "Also go to the API, and ask by a free GET whether the key is taken");
    CLI::App& status = add("status", Command::status, "What is sent, waits, and is in doubt");
    status.add_flag("--json", result_.json, "As one JSON object");
    status.add_flag("--healthy", result_.healthy,
                    "Print nothing: 0 as long as a daemon serves the spool, paused or not, else 1");
    watch_option_ =
        status.add_option("--watch", watch_, "Again and again, every SECONDS (default: 2), until Ctrl-C")
            ->expected(0, 1)
            ->type_name("[=SECONDS]");
    add_list();
    add_job_commands();
    add("hold", Command::hold, "Stop sending, without stopping the daemon; survives a restart");
    add("release", Command::release, "Resume sending");
    CLI::App& adopt =
        add("adopt", Command::adopt, "After looking: this ledger and this spool belong together");
    add_yes(adopt);
    add("init", Command::init, "Ask for URL, key and folder, and write a configuration; overwrites nothing");
    CLI::App& forget = add("forget", Command::forget,
                           "Erase a finished job's texts and answers from the ledger; it stays known");
    add_paths(forget, CLI::detail::expected_max_vector_size);
    CLI::App& ledger = add("ledger", Command::ledger, "The ledger itself");
    ledger.add_option("--backup", result_.backup, "Make a consistent copy, also while the daemon runs")
        ->required()
        ->type_name("FILE");
  }

  std::variant<CommandLine, CommandLineText> parse(std::span<const std::string> arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::CallForVersion&) {
      return CommandLineText{"", exit_code::fine, true};
    } catch (const CLI::CallForHelp&) {
      return CommandLineText{app_.help(), exit_code::fine};
    } catch (const CLI::ParseError& error) {
      std::string fault = error.what();
      const auto is_upper = [&](std::size_t at) {
        return std::isupper(static_cast<unsigned char>(fault[at])) != 0;
      };
      const bool is_sentence = fault.size() > 1 && is_upper(0) && !is_upper(1);  // and not "PATH is required"
      if (is_sentence)
        fault.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(fault.front())));
      return complain(fault);
    }
    if (const auto fault = find_unsettled()) return complain(*fault);
    if (const auto fault = find_empty_option(result_.common)) return complain(*fault);
    SettingsOverrides& overrides = result_.common.overrides;
    if (const auto fault = take_word("--log-format", log_format_, log_formats, overrides.log_format))
      return complain(*fault);
    if (const auto fault = take_word("--log-level", log_level_, log_levels, overrides.log_level))
      return complain(*fault);
    const auto patience = parse_duration(patience_);
    if (const auto* fault = std::get_if<UnitComplaint>(&patience))
      return complain("--patience " + fault->reason);
    result_.patience = std::get<milliseconds>(patience);
    if (result_.patience == milliseconds(0)) return complain("--patience must be longer than nothing");
    if (watch_option_->count() != 0 && !read_watch())
      return complain("--watch needs a number of seconds from 0.1 to 3600, such as --watch=2");
    return std::move(result_);
  }

 private:
  void add_list() {
    CLI::App& list = add("list", Command::list, "Each pair, with its state and why it is so");
    list.add_flag("--json", result_.json, "As JSON, one object a line");
    list.add_option("--state", result_.state, "Only those: " + list_words(pair_state::all))
        ->type_name("WORD");
    list.add_option("PATH", result_.paths, "Only these folders and pairs (a stem, or any file of a pair)")
        ->expected(0, CLI::detail::expected_max_vector_size)
        ->type_name("");
  }

  void add_job_commands() {
    CLI::App& retry = add("retry", Command::retry, "Run these again, whatever their state");
    add_yes(retry);
    add_paths(retry, CLI::detail::expected_max_vector_size);
    CLI::App& resolve = add("resolve", Command::resolve, "Settle a job in doubt");
    add_paths(resolve, CLI::detail::expected_max_vector_size);
    CLI::Option* const accepted =
        resolve.add_option("--accepted", result_.accepted, "The API has created it, with this id")
            ->type_name("ID");
    resolve
        .add_flag("--not-accepted", is_not_accepted_, "The API has not created it: the pair is ready again")
        ->excludes(accepted);
  }

  /// False where it is no number, or one that makes no sense.
  bool read_watch() {
    double seconds = 2;
    const auto [end, error] = std::from_chars(watch_.data(), watch_.data() + watch_.size(), seconds);
    const bool is_number = error == std::errc{} && end == watch_.data() + watch_.size();
    if (!watch_.empty() && (!is_number || !(seconds >= 0.1 && seconds <= 3600))) return false;
    result_.watch = milliseconds(static_cast<std::int64_t>(seconds * 1000));
    return true;
  }

  std::optional<std::string> find_unsettled() const {
    const bool is_state_known =
        result_.state.empty() || std::ranges::find(pair_state::all, result_.state) != pair_state::all.end();
    if (!is_state_known)
      return "--state must be " + list_words(pair_state::all) + "; \"" + result_.state + "\" was given";
    if (result_.command != Command::resolve) return std::nullopt;
    if (result_.accepted && result_.paths.size() > 1)
      return "--accepted is one job's id: name one pair with it";
    if (result_.accepted) return find_bad_id(*result_.accepted);
    if (is_not_accepted_) return std::nullopt;
    return "resolve needs --accepted ID or --not-accepted";
  }

  void add_log_options(CLI::App& command) {
    command
        .add_option("--log-format", log_format_,
                    "auto, json, text or journal, instead of the configuration's")
        ->type_name("WORD");
    command
        .add_option("--log-level", log_level_,
                    "debug, info, warning or error, instead of the configuration's")
        ->type_name("WORD");
  }

  void add_yes(CLI::App& command) { command.add_flag("--yes", result_.is_agreed, "Do not ask"); }

  void add_paths(CLI::App& command, int most) {
    command.add_option("PATH", result_.paths, "A pair's stem, or any file of it or of its results")
        ->required()
        ->expected(1, most)
        ->type_name("");
  }

  CLI::App& add(const char* name, Command command, const char* description) {
    CLI::App& added = *app_.add_subcommand(name, description);
    added.set_help_flag("-h,--help", "Print this help and exit");
    added.final_callback([this, command] { result_.command = command; });
    add_common_options(added, result_.common);
    return added;
  }

  CommandLine result_;
  bool is_not_accepted_ = false;
  std::string patience_ = "10m";
  std::optional<std::string> log_format_;
  std::optional<std::string> log_level_;
  std::string watch_;
  CLI::Option* watch_option_ = nullptr;
  CLI::App app_{about, "reeld"};
};

/// "help" is --help, "help COMMAND" is COMMAND --help.
std::variant<CommandLine, CommandLineText> parse_help(std::span<const std::string> commands) {
  if (commands.size() > 1) return complain("help takes one command");
  std::vector<std::string> asked{"--help"};
  if (!commands.empty()) {
    if (auto text = find_unknown_command(commands)) return std::move(*text);
    asked.insert(asked.begin(), commands.front());
  }
  return Parser().parse(asked);
}

}  // namespace

std::variant<CommandLine, CommandLineText> parse_command_line(std::span<const std::string> arguments) {
  if (auto text = find_unknown_command(arguments)) return std::move(*text);
  if (arguments.front() == "help") return parse_help(arguments.subspan(1));
  return Parser().parse(arguments);
}

}  // namespace reeld
