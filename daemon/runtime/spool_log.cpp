#include "runtime/spool_log.hpp"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>

#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

UniqueFd open_log(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
}

/// Writes each line with one write, so that it cannot be torn by another writer of the same pipe or file.
class LineSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LineSink(int fd) : fd_(fd) {}
  explicit LineSink(UniqueFd owned) : owned_(std::move(owned)), fd_(owned_.get()) {}

  void replace(UniqueFd fd) {
    const std::lock_guard lock(mutex_);
    owned_ = std::move(fd);
    fd_ = owned_.get();
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    line_.assign(message.payload.data(), message.payload.size());
    line_ += '\n';
    std::size_t done = 0;
    while (done < line_.size()) {
      const ssize_t n = ::write(fd_, line_.data() + done, line_.size() - done);
      if (n < 0 && errno == EINTR) continue;
      // A log that cannot be written must not stop the work that it tells of.
      if (n <= 0) return;
      done += static_cast<std::size_t>(n);
    }
  }
  void flush_() override {}

 private:
  UniqueFd owned_;
  int fd_;
  std::string line_;
};

constexpr std::size_t most_errors = 8;

/// "" where there is no such text.
std::string find_text(std::string_view name, const LogFields& fields) {
  for (const LogField& field : fields) {
    const auto* const text = std::get_if<std::string>(&field.value);
    if (field.name == name && text != nullptr) return *text;
  }
  return "";
}

LastError make_error(SystemTime at, std::string_view event, std::string_view message,
                     const LogFields& fields) {
  std::string reason = find_text("reason", fields);
  if (reason.empty()) reason = message;
  return {at, std::string(event), std::move(reason), find_text("job", fields)};
}

}  // namespace

struct SpoolLog::Impl {
  LogSettings settings;
  std::shared_ptr<LineSink> file;
  std::unique_ptr<spdlog::logger> logger;
  std::deque<LastError> errors;
};

SpoolLog::SpoolLog(const LogSettings& settings) : impl_(std::make_unique<Impl>()) {
  impl_->settings = settings;
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<LineSink>(STDOUT_FILENO)};
  if (!settings.file.empty()) {
    UniqueFd fd = open_log(settings.file);
    if (!fd) throw std::system_error(errno, std::generic_category(), "open the log file " + settings.file);
    impl_->file = std::make_shared<LineSink>(std::move(fd));
    sinks.push_back(impl_->file);
  }
  impl_->logger = std::make_unique<spdlog::logger>("reeld", sinks.begin(), sinks.end());
  impl_->logger->set_level(to_spdlog(settings.level));
}

SpoolLog::~SpoolLog() = default;

void SpoolLog::write(LogLevel level, std::string_view event, std::string_view message, LogFields fields) {
  if (!impl_->logger->should_log(to_spdlog(level))) return;
  const SystemTime now = std::chrono::system_clock::now();
  const std::string line = impl_->settings.format == LogFormat::text
                               ? format_text_line(now, level, event, message, fields)
                               : format_json_line(now, level, event, message, fields);
  if (level == LogLevel::error) {
    if (impl_->errors.size() == most_errors) impl_->errors.pop_front();
    impl_->errors.push_back(make_error(now, event, message, fields));
  }
  impl_->logger->log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

const std::deque<LastError>& SpoolLog::recent_errors() const {
  return impl_->errors;
}

void SpoolLog::reopen() {
  if (!impl_->file) return;
  if (UniqueFd fd = open_log(impl_->settings.file)) impl_->file->replace(std::move(fd));
}

}  // namespace reeld
