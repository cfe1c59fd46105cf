#include "settings/load_tables.hpp"

#include <algorithm>
#include <array>

#include "core/never_inputs.hpp"
#include "http/listen_address.hpp"
#include "settings/log_words.hpp"
#include "settings/units.hpp"

namespace reeld {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr hours day{24};
constexpr Bytes one_byte{1};

void read_backoff(TomlReader& reader, LaneLimits& into) {
  constexpr std::string_view key = "submit.backoff";
  constexpr std::string_view wanted =
      "must be two durations, the least and the most, such as [\"1s\", \"5m\"]";
  std::vector<std::string> texts;
  if (!reader.read_texts(key, texts)) return;
  if (texts.size() != 2) return reader.complain(key, wanted);
  std::array<milliseconds, 2> waits{};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const auto parsed = parse_duration(texts[i]);
    if (const auto* complaint = std::get_if<UnitComplaint>(&parsed))
      return reader.complain(key, complaint->reason);
    waits[i] = std::get<milliseconds>(parsed);
    if (waits[i] < min_wait || waits[i] > day) return reader.complain(key, "must be of 1ms to 1d each");
  }
  if (waits[0] > waits[1])
    return reader.complain(key, "must have the shorter duration first, such as [\"1s\", \"5m\"]");
  into.backoff_min = waits[0];
  into.backoff_max = waits[1];
}

void read_ignore(TomlReader& reader, std::vector<std::string>& into) {
  constexpr std::string_view key = "spool.ignore";
  std::vector<std::string> names;
  if (!reader.read_texts(key, names)) return;
  for (const std::string& entry : names) {
    const bool is_taken_off = entry.starts_with('!');
    const std::string name = is_taken_off ? entry.substr(1) : entry;
    if (name.empty()) return reader.complain(key, "has an empty name; write the name of a folder");
    if (name.find('/') != std::string::npos)
      return reader.complain(key,
                             "must hold names of folders, without a path; \"" + entry + "\" has a \"/\"");
    if (is_taken_off && !is_ignored_by_default(name))
      return reader.complain(key, "takes \"" + name + "\" off the built-in list, which does not have it");
  }
  into = std::move(names);
}

}  // namespace

void read_path(TomlReader& reader, std::string_view key, std::string& into) {
  std::string path = into;
  reader.read_text(key, path);
  // The text is not repeated: somebody may have written the key itself where its file's name belongs.
  if (!path.empty() && !path.starts_with('/')) {
    return reader.complain(key, "must be an absolute path, one that begins with \"/\"");
  }
  into = std::move(path);
}

void read_spool(TomlReader& reader, SpoolSettings& into) {
  read_path(reader, "spool.path", into.path);
  if (into.path.empty()) reader.complain("spool.path", "is empty; write the spool's directory");
  reader.read_bool("spool.recursive", into.recursive);
  reader.read_duration("spool.settle", into.settle, {milliseconds(0), hours(1)});
  reader.read_duration("spool.incomplete_after", into.incomplete_after, {min_wait, day * 365});
  reader.read_word<ImageSizePolicy>(
      "spool.image_size", into.image_size,
      {{"warn", ImageSizePolicy::warn}, {"refuse", ImageSizePolicy::refuse}, {"off", ImageSizePolicy::off}});
  reader.read_duration("spool.rescan", into.rescan, {milliseconds(10), day});
  reader.read_duration("spool.poll", into.poll, {milliseconds(10), hours(1)});
  reader.read_size("spool.max_prompt", into.max_prompt, {one_byte, mebibytes(16)});
  reader.read_size("spool.max_image", into.max_image, {one_byte, mebibytes(4096)});
  read_ignore(reader, into.ignore);
}

void read_job(TomlReader& reader, const FieldNames& names, JobFields& into) {
  JobFieldsResult result = read_job_fields(reader.read_table("job"), names);
  for (const TomlComplaint& complaint : result.complaints)
    reader.complain(complaint.key.empty() ? "job" : "job." + complaint.key, complaint.reason);
  into = overlay(std::move(into), result.fields);
}

void read_submit(TomlReader& reader, SubmitSettings& into) {
  reader.read_integer("submit.concurrency", into.lane.concurrency, {1, 1000});
  reader.read_integer("submit.per_minute", into.lane.per_minute, {0, 100'000});
  reader.read_integer("submit.per_day", into.lane.per_day, {0, 10'000'000});
  read_backoff(reader, into.lane);
  reader.read_duration("submit.account_retry", into.lane.account_retry, {min_wait, day});
  reader.read_word<bool>("submit.on_doubt", into.scheduler.repeats_doubts,
                         {{"hold", false}, {"retry", true}});
  reader.read_duration("submit.doubt_pause", into.lane.doubt_pause, {min_wait, minutes(30)});
  reader.read_word<bool>("submit.duplicates", into.scheduler.masses.holds_duplicates,
                         {{"send", false}, {"hold", true}});
  reader.read_integer("submit.ask_above", into.scheduler.masses.ask_above, {0, 10'000'000});
  reader.read_duration("submit.drain_timeout", into.drain_timeout, {milliseconds(0), day});
}

void read_log(TomlReader& reader, LogSettings& into) {
  reader.read_word<LogLevel>("log.level", into.level, log_levels);
  reader.read_word<LogFormat>("log.format", into.format, log_formats);
  read_path(reader, "log.file", into.file);
}

void read_metrics(TomlReader& reader, MetricsSettings& into) {
  std::string text;
  reader.read_text("metrics.listen", text);
  if (text.empty()) return;
  auto parsed = parse_listen_address(text);
  if (const auto* complaint = std::get_if<ListenComplaint>(&parsed)) {
    return reader.complain("metrics.listen", complaint->reason);
  }
  into.listen = std::get<std::string>(std::move(parsed));
}

void read_ledger(TomlReader& reader, LedgerSettings& into) {
  read_path(reader, "ledger.path", into.path);
  reader.read_duration("ledger.keep", into.keep, {milliseconds(0), milliseconds::max()});
  if (into.keep < day || into.keep > day * 3650) {
    reader.complain("ledger.keep",
                    "must be 1d to 3650d; \"" + format_duration(into.keep) +
                        "\" was given ([submit] per_day is counted over the last 24 hours, from "
                        "the jobs that the ledger remembers)");
  }
}

}  // namespace reeld
