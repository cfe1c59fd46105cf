#include "commands/init/init_answers.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <variant>

#include "codec/terminal_text.hpp"
#include "commands/command_failure.hpp"
#include "commands/config_file.hpp"
#include "core/utf8.hpp"
#include "http/url.hpp"
#include "settings/api_key.hpp"
#include "settings/exit_code.hpp"
#include "settings/odd_values.hpp"

namespace reeld {
namespace {

constexpr int most_tries = 3;

/// Takes an answer, or says what is wrong with it; both are texts for people.
using Check = std::function<std::optional<std::string>(std::string& answer)>;

struct Question {
  std::string text;
  std::string name;  // for messages
  bool is_secret = false;
};

std::string ask(const Question& question, const Check& check, const CommandContext& context) {
  std::string fault;
  for (int tries = 0; tries < most_tries; ++tries) {
    auto answer = context.ask_text ? context.ask_text(question.text, question.is_secret) : std::nullopt;
    if (!answer)
      throw CommandFailure(exit_code::failed,
                           "no answer came for " + question.name + "; nothing was written");
    const auto complaint = check(*answer);
    if (!complaint) return *answer;
    fault = question.name + " " + *complaint;
    if (!context.is_in_terminal) break;
    context.err << "reeld: " << escape_steering(fault) << '\n';
  }
  throw CommandFailure(exit_code::configuration, fault + "; nothing was written");
}

std::optional<std::string> check_url(std::string& answer) {
  if (answer.empty())
    return "is needed, such as https://api.example.com; there is no default, for each job costs money";
  // What a complaint would show may be the key.
  if (answer.find("://") == std::string::npos)
    return "has to begin with https://; give the API's address here, such as https://api.example.com, and the key "
           "when asked for it";
  const auto parsed = parse_api_url(answer);
  if (const auto* const complaint = std::get_if<UrlComplaint>(&parsed)) return complaint->reason;
  const std::string odd = describe_odd_root(std::get<ApiUrl>(parsed));
  return odd.empty() ? std::nullopt : std::optional("is odd: " + odd);
}

std::optional<std::string> check_key(std::string& answer) {
  auto checked = check_api_key(answer);
  if (const auto* const complaint = std::get_if<ApiKeyComplaint>(&checked)) return complaint->reason;
  const std::string odd = describe_odd_key(std::get<std::string>(checked));
  if (!odd.empty()) return odd;
  answer = std::move(std::get<std::string>(checked));
  return std::nullopt;
}

/// "~/films" is as a shell would have it.
std::optional<std::string> make_path(std::string& answer, const Environment& environment) {
  namespace fs = std::filesystem;
  if (!is_plain(answer)) return "has to be text, without control characters";
  if (answer == "~" || answer.starts_with("~/")) answer.replace(0, 1, environment("HOME").value_or("~"));
  answer = make_absolute(answer);
  std::error_code error;
  const auto kind = fs::status(answer, error).type();
  if (kind == fs::file_type::directory) return std::nullopt;
  if (kind != fs::file_type::not_found) return answer + " is there, and is no folder";
  const fs::path parent = fs::path(answer).parent_path();
  if (fs::is_directory(parent, error)) return std::nullopt;
  return answer + " cannot be made: there is no folder " + parent.string();
}

}  // namespace

bool is_plain(std::string_view path) {
  const bool has_control =
      std::ranges::any_of(path, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
  return !has_control && count_characters(path).has_value();
}

InitAnswers ask_for_answers(const SettingsOverrides& given, const std::string& default_spool,
                            const CommandContext& context) {
  InitAnswers answers;
  const auto take = [&](const std::optional<std::string>& value, const Question& question,
                        const Check& check) {
    if (!value) return ask(question, check, context);
    std::string answer = *value;
    if (const auto complaint = check(answer))
      throw CommandFailure(exit_code::configuration,
                           question.name + " " + *complaint + "; nothing was written");
    return answer;
  };
  answers.url = take(given.url, {"The API's URL, such as https://api.example.com: ", "the URL"}, check_url);
  answers.key = ask({"The API key (it is not shown): ", "the key", true}, check_key, context);
  const std::string shown = default_spool.empty() ? "" : " [" + escape_steering(default_spool) + "]";
  const auto check_spool = [&](std::string& answer) -> std::optional<std::string> {
    if (answer.empty()) answer = default_spool;
    if (answer.empty()) return "is needed: the folder that is watched for pairs";
    return make_path(answer, context.environment);
  };
  answers.spool =
      take(given.spool, {"The folder that is watched for pairs" + shown + ": ", "the folder"}, check_spool);
  return answers;
}

}  // namespace reeld
