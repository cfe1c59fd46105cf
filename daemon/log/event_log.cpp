#include "log/event_log.hpp"

#include <spdlog/logger.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "log/journal.hpp"
#include "log/line_sink.hpp"
#include "log/log_events.hpp"
#include "log/log_format.hpp"
#include "log/terminal_line.hpp"

namespace reeld {
namespace {

struct LogEvent {
  LogLevel level;
  std::string_view name;
  std::string_view message;
  const LogFields& fields;
};

constexpr std::size_t max_errors = 8;

LastError make_error(SystemTime at, std::string_view event, std::string_view message,
                     const LogFields& fields) {
  const std::string* const reason = find_text(fields, "reason");
  const std::string* const job = find_text(fields, "job");
  const bool has_reason = reason != nullptr && !reason->empty();
  return {at, std::string(event), has_reason ? *reason : std::string(message), job != nullptr ? *job : ""};
}

LogFields describe_loss(std::uint64_t lines, const std::string& reason) {
  return {{"lines", lines}, {"reason", reason}};
}

constexpr std::string_view loss_message = "lines of the log could not be written here, and are missing";

}  // namespace

struct EventLog::Impl {
  LogSettings settings;
  int out_fd = -1;
  bool is_terminal = false;  // `out_fd`
  std::shared_ptr<LineSink> out;
  std::shared_ptr<LineSink> file;  // null: none
  std::optional<Journal> journal;  // in the place of `out`
  std::uint64_t lost_in_journal = 0;
  std::string journal_trouble;
  spdlog::logger logger{"reeld"};
  std::deque<LastError> errors;
  std::deque<Secrets> secrets;  // the latest: answers to what went out under former ones may still come

  std::string hide_secrets(std::string text) const;
  bool is_for_eyes(const LogEvent& event) const;
  std::string format(const LogEvent& event, SystemTime at, bool is_out) const;
  LineSink::DescribeLoss loss_line(bool is_out);
  void arrange();
  void open_journal();
  void put(const LogEvent& event, const LineSink* except = nullptr);
  void send(const LogEvent& event);
  bool try_send(const LogEvent& event);
  void leave_journal(const std::string& reason);
  void say_failed(std::string_view where, std::string_view message, const std::string& reason,
                  const LineSink* except = nullptr);
  void tell_troubles();
};

std::string EventLog::Impl::hide_secrets(std::string text) const {
  for (const Secrets& one : secrets) text = one.take_out(std::move(text));
  return text;
}

/// On standard output. An answer that is nowhere else is told whole.
bool EventLog::Impl::is_for_eyes(const LogEvent& event) const {
  const std::string* const answer = find_text(event.fields, "answer");
  const bool is_last_copy = answer != nullptr && !answer->empty();
  return is_terminal && settings.format == LogFormat::by_output && !is_last_copy;
}

std::string EventLog::Impl::format(const LogEvent& event, SystemTime at, bool is_out) const {
  const auto& [level, name, message, fields] = event;
  if (settings.format == LogFormat::text) return format_text_line(at, level, name, message, fields);
  if (!is_out || !is_for_eyes(event)) return format_json_line(at, level, name, message, fields);
  return format_terminal_line(at, level, name, message, fields, find_terminal(out_fd).value_or(Terminal{}));
}

LineSink::DescribeLoss EventLog::Impl::loss_line(bool is_out) {
  return [this, is_out](std::uint64_t lines, const std::string& reason) {
    const LogFields fields = describe_loss(lines, reason);
    const LogEvent event{LogLevel::warning, event::log_lost, loss_message, fields};
    return format(event, std::chrono::system_clock::now(), is_out);
  };
}

/// What goes where.
void EventLog::Impl::arrange() {
  logger.sinks().clear();
  if (!journal) logger.sinks().push_back(out);
  if (file) logger.sinks().push_back(file);
  logger.set_level(to_spdlog(settings.level));
}

void EventLog::Impl::open_journal() {
  auto opened = Journal::open();
  if (auto* const found = std::get_if<Journal>(&opened)) {
    journal = std::move(*found);
    return;
  }
  leave_journal(std::get<SysError>(opened).message);
}

void EventLog::Impl::leave_journal(const std::string& reason) {
  journal.reset();
  arrange();
  say_failed("the journal", "there is no journal; the log goes to standard output, until a reload finds one",
             reason);
}

void EventLog::Impl::put(const LogEvent& event, const LineSink* except) {
  if (journal) send(event);
  if (logger.sinks().empty()) return;
  // What one place has to say of another's trouble is said whatever the level is.
  if (except == nullptr && !logger.should_log(to_spdlog(event.level))) return;
  const SystemTime now = std::chrono::system_clock::now();
  const bool are_alike = !is_for_eyes(event);
  std::string line;
  for (const spdlog::sink_ptr& sink : logger.sinks()) {
    if (sink.get() == except) continue;
    if (line.empty() || !are_alike) line = format(event, now, sink == out);
    sink->log({"reeld", to_spdlog(event.level), spdlog::string_view_t(line.data(), line.size())});
  }
}

void EventLog::Impl::send(const LogEvent& event) {
  if (lost_in_journal != 0) {
    const LogFields fields = describe_loss(lost_in_journal, journal_trouble);
    if (try_send({LogLevel::warning, event::log_lost, loss_message, fields})) lost_in_journal = 0;
  }
  if (journal && (lost_in_journal != 0 || !try_send(event))) ++lost_in_journal;
}

/// False: it is not there, and perhaps nor is the journal any more.
bool EventLog::Impl::try_send(const LogEvent& event) {
  const auto error = journal->send(make_journal_entry(event.level, event.name, event.message, event.fields));
  if (!error) return true;
  journal_trouble = error->message;
  if (error->code == ECONNREFUSED || error->code == ENOENT) leave_journal(error->message);
  return false;
}

void EventLog::Impl::say_failed(std::string_view where, std::string_view message, const std::string& reason,
                                const LineSink* except) {
  const LogFields fields{{"where", where}, {"reason", reason}};
  put({LogLevel::warning, event::log_failed, message, fields}, except);
}

/// One place where the log goes tells of the other's trouble.
void EventLog::Impl::tell_troubles() {
  constexpr std::string_view message = "the log cannot be written here; what is missing is counted";
  if (const auto reason = out->take_trouble()) say_failed("standard output", message, *reason, out.get());
  if (!file) return;
  if (const auto reason = file->take_trouble()) say_failed(settings.file, message, *reason, file.get());
}

EventLog::EventLog(const LogSettings& settings, int out) : impl_(std::make_unique<Impl>()) {
  impl_->out_fd = out;
  impl_->is_terminal = ::isatty(out) == 1;
  impl_->out = std::make_shared<LineSink>(out, impl_->loss_line(true));
  impl_->arrange();
  if (const auto error = change(settings))
    throw std::system_error(error->code, std::generic_category(), "open the log file " + settings.file);
}

EventLog::~EventLog() = default;

std::optional<SysError> EventLog::change(const LogSettings& settings) {
  if (settings == impl_->settings) return std::nullopt;
  const bool is_other_file = settings.file != impl_->settings.file;
  std::shared_ptr<LineSink> file = is_other_file ? nullptr : impl_->file;
  if (is_other_file && !settings.file.empty()) {
    UniqueFd fd = open_log_file(settings.file);
    if (!fd) return make_sys_error("open the log file", settings.file, errno);
    file = std::make_shared<LineSink>(std::move(fd), impl_->loss_line(false));
  }
  const bool was_journal = impl_->settings.format == LogFormat::journal;
  impl_->settings = settings;
  impl_->file = std::move(file);
  if (settings.format != LogFormat::journal) impl_->journal.reset();
  if (settings.format == LogFormat::journal && !was_journal) impl_->open_journal();
  impl_->arrange();
  return std::nullopt;
}

void EventLog::write(LogLevel level, std::string_view event, std::string_view message, LogFields fields) {
  if (!impl_->logger.should_log(to_spdlog(level))) return;
  const std::string safe_message = impl_->hide_secrets(std::string(message));
  message = safe_message;
  for (LogField& field : fields) {
    if (auto* const text = std::get_if<std::string>(&field.value))
      *text = impl_->hide_secrets(std::move(*text));
  }
  if (level == LogLevel::error) {
    if (impl_->errors.size() == max_errors) impl_->errors.pop_front();
    impl_->errors.push_back(make_error(std::chrono::system_clock::now(), event, message, fields));
  }
  impl_->put({level, event, message, fields});
  impl_->tell_troubles();
}

void EventLog::hide(const Secrets& secrets) {
  constexpr std::size_t most = 8;
  std::deque<Secrets>& known = impl_->secrets;
  if (std::find(known.begin(), known.end(), secrets) != known.end()) return;
  if (known.size() == most) known.pop_front();
  known.push_back(secrets);
}

const std::deque<LastError>& EventLog::recent_errors() const {
  return impl_->errors;
}

void EventLog::reopen() {
  if (impl_->settings.format == LogFormat::journal && !impl_->journal) {
    impl_->open_journal();
    impl_->arrange();
  }
  if (!impl_->file) return;
  if (UniqueFd fd = open_log_file(impl_->settings.file)) {
    impl_->file->replace(std::move(fd));
  } else {
    const std::string reason = std::generic_category().message(errno);
    impl_->say_failed(impl_->settings.file, "the log file cannot be opened anew; the old one is kept",
                      reason);
  }
}

}  // namespace reeld
