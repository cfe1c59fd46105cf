#pragma once
// Result files that cannot be written at once: tried again until they are, it no longer makes sense, or reeld
// stops.
//
// Lifetime: owned by the dispatcher. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>

#include "async/rests.hpp"
#include "core/job_name.hpp"
#include "core/log_throttle.hpp"
#include "log/log.hpp"
#include "submit/sync_batch.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

struct ResultJob {
  ResultJob(JobName job, int fd, std::string name, std::string contents)
      : job_name(std::move(job)), folder_fd(fd), file(std::move(name)), text(std::move(contents)) {}
  JobName job_name;
  int folder_fd;  // kept by the caller until the await has ended
  std::string file;
  std::string text;
  bool is_paid = false;  // the API's answer: logged whole where it cannot be written
  /// Asked before every try: false where the result would no longer be about what lies there.
  std::function<bool()> is_wanted = [] { return true; };
};

enum class Written {
  yes,        // and it survives a power cut
  unwanted,   // see `is_wanted`
  no_folder,  // the folder is gone for good
  gave_up,    // reeld stops
};

class ResultWriter {
 public:
  /// `rests`: once they are stopped, nothing is waited for.
  ResultWriter(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, Log& log, Rests& rests)
      : log_(log), syncs_(std::move(loop), workers), rests_(rests) {}

  boost::asio::awaitable<Written> write(ResultJob job);
  /// Results that could not be written yet, or not at all.
  std::size_t unwritten() const { return unwritten_; }

 private:
  void say_unwritten(const ResultJob& job, const SysError& error);
  void make_way(const ResultJob& job);

  Log& log_;
  SyncBatch syncs_;
  Rests& rests_;
  std::size_t unwritten_ = 0;
  LogThrottle troubles_;
};

}  // namespace reeld
