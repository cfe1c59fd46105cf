#include "commands/list/listed_pair.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "codec/result_json.hpp"
#include "codec/terminal_text.hpp"
#include "core/age_text.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 1000;

std::string write_row(std::string_view state, const std::string& age, const std::string& tries) {
  constexpr std::size_t state_width = 8;
  constexpr std::size_t age_width = 9;
  constexpr std::size_t tries_width = 7;
  std::string line(state);
  line.resize(std::max(line.size(), state_width), ' ');
  return line + pad_left(age, age_width) + pad_left(tries, tries_width) + "  ";
}

/// "txt png job.json": what is there of it, by their ends.
std::string list_ends(const ListedPair& pair) {
  std::string out;
  for (const std::string& file : pair.files) {
    const bool is_usual = file.starts_with(pair.name.stem + ".");
    out.append(out.empty() ? "" : " ").append(is_usual ? file.substr(pair.name.stem.size() + 1) : file);
  }
  return out.empty() ? "no files" : out;
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(to_valid_utf8(text));
}

std::int64_t age_of(const ListedPair& pair, SystemTime now) {
  return std::max<std::int64_t>(0, std::chrono::duration_cast<seconds>(now - pair.since).count());
}

}  // namespace

std::optional<std::string_view> state_of(LedgerState state) {
  switch (state) {
    case LedgerState::intended:
      return pair_state::sending;
    case LedgerState::accepted:
      return pair_state::accepted;
    case LedgerState::refused:
      return pair_state::refused;
    case LedgerState::doubt:
      return pair_state::doubt;
    case LedgerState::unsent:
    case LedgerState::reopened:
      break;
  }
  return std::nullopt;
}

void take_record(const JobRecord& record, ListedPair& into) {
  into.reason = record.end.reason;
  into.id = record.end.api_id;
  into.request_id = record.end.request_id;
  into.http_status = record.end.http_status;
  into.attempts = record.attempts;
  const bool is_over = record.is_ended && record.job.state != LedgerState::doubt;
  into.since = is_over ? record.end.at : record.intent.at;
}

std::string write_json_line(const ListedPair& pair, const std::string& spool, SystemTime now) {
  json::object out;
  out["job"] = to_valid_utf8(pair.name.text());
  out["path"] = to_valid_utf8(spool + "/" + pair.name.text());
  out["state"] = pair.state;
  out["wait"] = pair.wait ? json::value(word_of(*pair.wait)) : json::value(nullptr);
  out["reason"] = text_or_null(pair.reason);
  out["since"] = format_time(pair.since);
  out["age_s"] = age_of(pair, now);
  out["id"] = text_or_null(pair.id);
  out["request_id"] = text_or_null(pair.request_id);
  out["http_status"] = pair.http_status == 0 ? json::value(nullptr) : json::value(pair.http_status);
  out["attempts"] = pair.attempts;
  json::array files;
  for (const std::string& file : pair.files) files.push_back(json::string(to_valid_utf8(file)));
  out["files"] = std::move(files);
  return escape_steering(json::serialize(out)) + "\n";
}

std::string write_table_head() {
  return write_row("STATE", "AGE", "TRIES") + "PAIR\n";
}

std::string write_table_line(const ListedPair& pair, SystemTime now) {
  std::string line = write_row(pair.state, describe_age(age_of(pair, now)), std::to_string(pair.attempts));
  line += make_printable(pair.name.text(), longest_name) + " (" + make_printable(list_ends(pair)) + ")";
  if (pair.wait) line.append(": ").append(describe(*pair.wait));
  if (pair.state == pair_state::accepted && !pair.id.empty())
    return line + ": " + make_printable(pair.id) + "\n";
  if (!pair.wait && !pair.reason.empty()) line.append(": ").append(make_printable(pair.reason));
  return line + "\n";
}

}  // namespace reeld
