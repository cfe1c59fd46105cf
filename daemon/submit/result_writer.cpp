#include "submit/result_writer.hpp"

#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>

#include "async/steady_now.hpp"
#include "core/spool_name.hpp"
#include "log/log_events.hpp"
#include "spool/result_place.hpp"
#include "sys/file_status.hpp"
#include "sys/random.hpp"
#include "sys/time_stamp.hpp"

namespace reeld {
namespace {

constexpr milliseconds first_write_pause = std::chrono::seconds(1);
constexpr milliseconds max_write_pause = std::chrono::minutes(1);

bool is_removed(int folder_fd) {
  struct ::stat status {};
  return ::fstat(folder_fd, &status) != 0 || status.st_nlink == 0;
}

}  // namespace

/// What stands there under a result's name, and is not that result, is kept: it may be somebody's own.
void ResultWriter::make_way(const ResultJob& job) {
  const StatusAnswer found = look_up_status(job.folder_fd, job.file);
  if (found.code != 0 || found.status.is_folder || holds_text(job.folder_fd, job.file, job.text)) return;
  const std::string stamp = make_time_stamp(std::chrono::system_clock::now());
  const std::string kept = replaced_name(job.file, stamp + "-" + std::to_string(random_word() % 100'000));
  if (::renameat(job.folder_fd, job.file.c_str(), job.folder_fd, kept.c_str()) != 0) return;
  log_.warning(event::result_written,
               "another file stood in a result's place: it is kept under a hidden name",
               {{"job", job.job_name.text()}, {"file", kept}});
}

boost::asio::awaitable<Written> ResultWriter::write(ResultJob job) {
  bool is_said = false;
  Written out = Written::yes;
  for (milliseconds pause = first_write_pause;; pause = std::min(pause * 2, max_write_pause)) {
    if (!job.is_wanted()) {
      out = Written::unwanted;
      break;
    }
    make_way(job);
    FileToWrite file(job.folder_fd, job.job_name.folder, job.file, job.text);
    const auto error = co_await syncs_.write(std::move(file));
    if (!error) {
      troubles_.interrupt();
      break;
    }
    if (!std::exchange(is_said, true)) {
      ++unwritten_;
      say_unwritten(job, *error);
    }
    if (is_removed(job.folder_fd)) {
      out = Written::no_folder;
      break;
    }
    // What is left so at the end counts as unwritten.
    if (rests_.is_stopped()) co_return Written::gave_up;
    co_await rests_.rest(pause);
  }
  unwritten_ -= is_said ? 1 : 0;
  if (is_said && out == Written::yes)
    log_.info(event::result_written, "a result that could not be written before is written",
              {{"job", job.job_name.text()}, {"file", job.file}});
  co_return out;
}

/// What is paid for is said whole, each of it. Of others a disk's trouble is loud once.
void ResultWriter::say_unwritten(const ResultJob& job, const SysError& error) {
  LogFields fields{{"job", job.job_name.text()}, {"file", job.file}, {"reason", error.message}};
  const auto repeats = job.is_paid ? 0 : troubles_.note(std::to_string(error.code), steady_now());
  if (job.is_paid) fields.emplace_back("answer", job.text);
  if (repeats != 0) fields.emplace_back("repeats", repeats);
  log_.write(repeats != 0 ? LogLevel::info : LogLevel::error, event::result_unwritten,
             "a result cannot be written; it is kept, and written when that is possible", std::move(fields));
}

}  // namespace reeld
