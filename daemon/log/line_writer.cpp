#include "log/line_writer.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace reeld {
namespace {

constexpr int wanted_pipe_size = 1 << 20;  // what anybody may have: /proc/sys/fs/pipe-max-size

/// The same file by a description of its own.
UniqueFd open_again(int fd, int flags) {
  return UniqueFd(::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), flags | O_CLOEXEC | O_NOCTTY));
}

/// What was written there last (by one who was killed, or whose disk was full) did not come to a line's end.
bool ends_within_a_line(int fd, const struct ::stat& status) {
  const bool is_at_end = (::fcntl(fd, F_GETFL) & O_APPEND) != 0 || ::lseek(fd, 0, SEEK_CUR) == status.st_size;
  if (!S_ISREG(status.st_mode) || status.st_size == 0 || !is_at_end) return false;
  const UniqueFd readable = open_again(fd, O_RDONLY);
  char last = '\n';
  return readable && ::pread(readable.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
}

bool is_full(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

std::string explain(int error) {
  return is_full(error) ? "its reader does not keep up" : std::generic_category().message(error);
}

}  // namespace

LineWriter::LineWriter(int fd, DescribeLoss describe) : describe_(std::move(describe)) {
  prepare(fd);
}

LineWriter::LineWriter(UniqueFd fd, DescribeLoss describe)
    : describe_(std::move(describe)), owned_(std::move(fd)) {
  prepare(owned_.get());
}

LineWriter::~LineWriter() {
  if (finish_rest() && lost_ != 0) put(describe_(lost_, explain(error_)));
}

void LineWriter::prepare(int fd) {
  fd_ = fd;
  rest_.clear();
  struct ::stat status {};
  if (::fstat(fd, &status) != 0) return;
  is_socket_ = S_ISSOCK(status.st_mode);
  may_wait_ = false;
  if (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)) {
    if (UniqueFd again = open_again(fd, O_WRONLY | O_NONBLOCK)) {
      owned_ = std::move(again);
      fd_ = owned_.get();
    } else {
      may_wait_ = (::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
    }
  }
  if (S_ISFIFO(status.st_mode) && ::fcntl(fd_, F_GETPIPE_SZ) < wanted_pipe_size)
    ::fcntl(fd_, F_SETPIPE_SZ, wanted_pipe_size);  // or it stays as it is
  if (ends_within_a_line(fd_, status)) rest_ = "\n";
}

void LineWriter::replace(UniqueFd fd) {
  if (!finish_rest()) lose();  // it stays half where it is
  const UniqueFd former = std::exchange(owned_, std::move(fd));
  prepare(owned_.get());
}

std::optional<std::string> LineWriter::take_trouble() {
  if (!std::exchange(has_trouble_, false)) return std::nullopt;
  return explain(error_);
}

void LineWriter::write(std::string_view line) {
  if (!finish_rest()) return lose();
  if (lost_ == 0) {
    if (!put(line)) lose();
    return;
  }
  // As one: a loss that is said where there is no room for the line is followed by another.
  const std::string both = describe_(lost_, explain(error_)) + std::string(line);
  if (!put(both)) return lose();
  lost_ = 0;
}

void LineWriter::lose() {
  if (lost_++ == 0) has_trouble_ = true;
}

/// False: there is still some of it.
bool LineWriter::finish_rest() {
  if (rest_.empty()) return true;
  rest_.erase(0, push(rest_));
  if (rest_.empty()) return true;
  if (error_ == EPIPE) rest_.clear();  // whoever comes to read now has not seen the beginning either
  return false;
}

/// False: nothing of it is written, and nothing will be.
bool LineWriter::put(std::string_view line) {
  const std::size_t done = push(line);
  if (done != 0 && error_ != EPIPE) rest_ = line.substr(done);
  return done != 0;
}

/// Returns how much of it was taken; where that is not all, `error_` says why.
std::size_t LineWriter::push(std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    if (may_wait_ && !budget_.wait_for_room(fd_)) {
      error_ = EAGAIN;
      break;
    }
    const char* const from = text.data() + done;
    const std::size_t left = text.size() - done;
    const ssize_t n = is_socket_
                          ? ::send(fd_, from, left, MSG_DONTWAIT | MSG_NOSIGNAL)
                          : ::write(fd_, from, may_wait_ ? std::min<std::size_t>(left, PIPE_BUF) : left);
    if (n > 0) {
      done += static_cast<std::size_t>(n);
    } else if (!await_room(n == 0 ? EIO : errno)) {
      break;
    }
  }
  return done;
}

/// Whether it makes sense to write again after this error.
bool LineWriter::await_room(int error) {
  if (error == EINTR) return true;
  if (is_full(error) && budget_.wait_for_room(fd_)) return true;
  error_ = error;
  return false;
}

UniqueFd open_log_file(const std::string& path) {
  constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  return UniqueFd(::open(path.c_str(), flags, 0640));
}

}  // namespace reeld
