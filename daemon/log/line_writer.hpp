#pragma once
// Lines to standard output or to a file: each whole, in order, and none waited for long.
//
// A line goes out with one write where the system takes it whole. Of a line that a full disk or pipe has
// taken a part of, the rest goes before anything else; one of which it has taken nothing is dropped and
// counted, and a line that says how many comes before the next that can be written. A reader that is slow is
// waited for within log/blocking_budget.
//
// A pipe or terminal is opened anew where that is allowed, so that it can be written without waiting and
// without changing it for those who share it; a pipe is made as large as it may be.
//
// Errors: none are returned; see `take_trouble`. SIGPIPE must be ignored.
// Threads: one at a time.
// Durability: none; the kernel has what was written.
// Source: pipe(7), write(2), fcntl(2) F_SETPIPE_SZ.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "log/blocking_budget.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

class LineWriter {
 public:
  /// Makes the line, newline included, that says how many were lost, and why.
  using DescribeLoss = std::function<std::string(std::uint64_t lines, const std::string& reason)>;

  /// `fd` stays the caller's.
  LineWriter(int fd, DescribeLoss describe);
  LineWriter(UniqueFd fd, DescribeLoss describe);
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  /// With its newline.
  void write(std::string_view line);
  /// From now on lines go there (a log that was rotated).
  void replace(UniqueFd fd);
  /// Why a line was lost, once for each time that lines begin to be.
  std::optional<std::string> take_trouble();

 private:
  void prepare(int fd);
  bool finish_rest();
  bool put(std::string_view line);
  std::size_t push(std::string_view text);
  bool await_room(int error);
  void lose();

  DescribeLoss describe_;
  UniqueFd owned_;
  int fd_ = -1;
  bool is_socket_ = false;
  bool may_wait_ = false;  // a write might wait: it is asked first, and in small pieces
  BlockingBudget budget_;
  std::string rest_;  // of a line whose beginning is written
  std::uint64_t lost_ = 0;
  int error_ = 0;  // of the last write that failed
  bool has_trouble_ = false;
};

/// A log file: made where there is none, mode 0640; lines are added at its end. Never waits (a FIFO without a
/// reader is an error). Invalid with errno set where it cannot be opened.
UniqueFd open_log_file(const std::string& path);

}  // namespace reeld
