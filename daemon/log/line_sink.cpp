#include "log/line_sink.hpp"

#include <utility>

#include "log/journal.hpp"
#include "log/log_format.hpp"

namespace reeld {
namespace {

LogLevel from_spdlog(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return LogLevel::error;
  if (level == spdlog::level::warn) return LogLevel::warning;
  return level == spdlog::level::info ? LogLevel::info : LogLevel::debug;
}

std::string prefix_of(LogLevel level) {
  return "<" + std::to_string(priority_of(level)) + ">";
}

}  // namespace

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

LineSink::LineSink(int fd, DescribeLoss describe)
    : has_priorities_(is_journal_stream(fd)), writer_(fd, frame(std::move(describe))) {}

LineSink::LineSink(UniqueFd fd, DescribeLoss describe)
    : has_priorities_(false), writer_(std::move(fd), frame(std::move(describe))) {}

LineWriter::DescribeLoss LineSink::frame(DescribeLoss describe) {
  const std::string prefix = has_priorities_ ? prefix_of(LogLevel::warning) : "";
  return [prefix, describe = std::move(describe)](std::uint64_t lines, const std::string& reason) {
    return prefix + describe(lines, reason) + '\n';
  };
}

void LineSink::sink_it_(const spdlog::details::log_msg& message) {
  line_ = has_priorities_ ? prefix_of(from_spdlog(message.level)) : "";
  line_.append(message.payload.data(), message.payload.size()) += '\n';
  writer_.write(line_);
}

void LineSink::replace(UniqueFd fd) {
  const std::lock_guard lock(mutex_);
  writer_.replace(std::move(fd));
}

std::optional<std::string> LineSink::take_trouble() {
  const std::lock_guard lock(mutex_);
  return writer_.take_trouble();
}

}  // namespace reeld
