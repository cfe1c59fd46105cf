#pragma once
// A place where the log's lines go. Where that is the journal by way of standard output, each has its
// priority before it (sd-daemon(3)).

#include <spdlog/sinks/base_sink.h>

#include <mutex>
#include <optional>
#include <string>

#include "log/line_writer.hpp"
#include "settings/settings.hpp"

namespace reeld {

spdlog::level::level_enum to_spdlog(LogLevel level);

class LineSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  using DescribeLoss = LineWriter::DescribeLoss;  // here without prefix and newline

  /// Standard output, which stays the caller's.
  LineSink(int fd, DescribeLoss describe);
  /// A file, which never is the journal.
  LineSink(UniqueFd fd, DescribeLoss describe);

  void replace(UniqueFd fd);
  std::optional<std::string> take_trouble();

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  LineWriter::DescribeLoss frame(DescribeLoss describe);

  const bool has_priorities_;
  std::string line_;
  LineWriter writer_;
};

}  // namespace reeld
