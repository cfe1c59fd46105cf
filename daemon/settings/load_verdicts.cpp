// [[verdict]]: the user's own rules.

#include "settings/load_tables.hpp"

namespace reeld {
namespace {

void read_verdict(TomlReader& reader, const std::string& table, Verdict& into) {
  const std::string key = table + ".verdict";
  if (!reader.has(key)) {
    reader.complain(key, "missing; write verdict = \"throttled\", \"account\", \"refused\" or \"doubt\"");
  }
  std::string text;
  reader.read_text(key, text);
  if (text == "accepted") {
    return reader.complain(key,
                           "cannot be \"accepted\": only an answer with a job's id makes a job accepted");
  }
  if (text == "unsent") {
    return reader.complain(
        key,
        "cannot be \"unsent\": that a job was not created is known only where its request was never "
        "sent whole; \"throttled\" tries again");
  }
  reader.read_word<Verdict>(key, into,
                            {{"throttled", Verdict::throttled},
                             {"account", Verdict::account},
                             {"refused", Verdict::refused},
                             {"doubt", Verdict::doubt}});
}

}  // namespace

void read_verdicts(TomlReader& reader, std::vector<VerdictRule>& into) {
  const std::size_t count = reader.count_tables("verdict");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string table = "verdict[" + std::to_string(i) + "]";
    VerdictRule rule;
    reader.read_integers(table + ".status", rule.statuses, {100, 599});
    reader.read_text(table + ".code", rule.code);
    reader.read_text(table + ".contains", rule.contains);
    read_verdict(reader, table, rule.verdict);
    if (!reader.has(table + ".status") && rule.code.empty() && rule.contains.empty()) {
      reader.complain(table,
                      "needs at least one of status, code and contains: a rule without them would be true of "
                      "every answer");
    }
    into.push_back(std::move(rule));
  }
}

}  // namespace reeld
