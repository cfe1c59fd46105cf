#include "log/line_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    reader = UniqueFd(ends[0]);
    writer = UniqueFd(ends[1]);
    std::signal(SIGPIPE, SIG_IGN);
  }
  UniqueFd reader;
  UniqueFd writer;
};

std::string describe(std::uint64_t lines, const std::string& reason) {
  return "lost " + std::to_string(lines) + ": " + reason + "\n";
}

/// What is there to be read now, without waiting.
std::string read_all(int fd) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  std::string out;
  char buffer[65536];
  for (ssize_t n = ::read(fd, buffer, sizeof buffer); n > 0; n = ::read(fd, buffer, sizeof buffer))
    out.append(buffer, static_cast<std::size_t>(n));
  return out;
}

std::string numbered(std::size_t number, std::size_t size) {
  std::string line = std::to_string(number) + " ";
  line.resize(size - 1, 'x');
  return line + '\n';
}

/// Writes lines until one is lost; returns how many were written before.
std::size_t fill(LineWriter& writer, std::size_t size) {
  for (std::size_t number = 0;; ++number) {
    writer.write(numbered(number, size));
    if (writer.take_trouble()) return number;
  }
}

/// Every line is whole, and they are those that begin with these numbers, in this order.
std::size_t expect_numbered(const std::string& text, std::size_t first, std::size_t size) {
  std::size_t at = 0;
  std::size_t number = first;
  for (; at < text.size() && text[at] != 'l'; at += size, ++number)
    EXPECT_EQ(text.substr(at, size), numbered(number, size));
  return at;
}

TEST(LineWriter, WritesWholeLinesInOrder) {
  const Pipe pipe;
  LineWriter writer(pipe.writer.get(), describe);
  writer.write("one\n");
  writer.write("two\n");
  EXPECT_EQ(read_all(pipe.reader.get()), "one\ntwo\n");
  EXPECT_FALSE(writer.take_trouble());
}

// The size of a line that is atomic in a pipe, and one that is not.
class LineWriterSizes : public testing::TestWithParam<std::size_t> {};

TEST_P(LineWriterSizes, AFullPipeLosesWholeLinesAndSaysHowMany) {
  const Pipe pipe;
  LineWriter writer(pipe.writer.get(), describe);
  const auto begun = std::chrono::steady_clock::now();
  const std::size_t written = fill(writer, GetParam());
  for (int more = 0; more < 1000; ++more) writer.write(numbered(written, GetParam()));
  // The reader is waited for half a second, and not a thousand times: that would be minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
  EXPECT_FALSE(writer.take_trouble()) << "said once";
  std::string text = read_all(pipe.reader.get());
  writer.write("after\n");
  text += read_all(pipe.reader.get());
  const std::size_t end = expect_numbered(text, 0, GetParam());
  EXPECT_EQ(text.substr(end), "lost 1001: its reader does not keep up\nafter\n");
}

TEST_P(LineWriterSizes, AReaderThatIsGoneIsNoReasonToEnd) {
  Pipe pipe;
  LineWriter writer(pipe.writer.get(), describe);
  fill(writer, GetParam());
  pipe.reader.reset();
  writer.write("nobody reads this\n");
  writer.write("nor this\n");
  // Somebody comes to read all the same, as at a FIFO: nothing of what was cut is before the first whole
  // line.
  const std::string path = "/proc/self/fd/" + std::to_string(pipe.writer.get());
  const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  read_all(reader.get());
  writer.write("after\n");
  EXPECT_TRUE(read_all(reader.get()).ends_with("Broken pipe\nafter\n"));
}

INSTANTIATE_TEST_SUITE_P(Sizes, LineWriterSizes, testing::Values(100, 30'001));

TEST(LineWriter, WaitsForASlowReaderWithoutLoss) {
  Pipe pipe;
  ::fcntl(pipe.writer.get(), F_SETPIPE_SZ, 4096);
  std::string text;
  {
    LineWriter writer(pipe.writer.get(), describe);
    ::fcntl(pipe.writer.get(), F_SETPIPE_SZ, 4096);
    // A child reads: a thread of our own would have to be waited for by what is tested.
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe.writer.release());
      // The parent's copies are closed at its own end only, so the last line ends this.
      std::string seen;
      char buffer[512];
      while (seen.find("end\n") == std::string::npos) {
        const ssize_t n = ::read(pipe.reader.get(), buffer, sizeof buffer);
        if (n <= 0) ::_exit(2);
        seen.append(buffer, static_cast<std::size_t>(n));
        ::usleep(100);
      }
      std::string wanted;
      for (std::size_t number = 0; number < 300; ++number) wanted += numbered(number, 200);
      ::_exit(seen == wanted + "end\n" ? 0 : 1);
    }
    for (std::size_t number = 0; number < 300; ++number) writer.write(numbered(number, 200));
    writer.write("end\n");
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_FALSE(writer.take_trouble());
  }
}

TEST(LineWriter, WhoeverSharesThePipeSeesNoChange) {
  const Pipe pipe;
  const LineWriter writer(pipe.writer.get(), describe);
  EXPECT_EQ(::fcntl(pipe.writer.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(LineWriter, APipeThatOthersHaveMadeNonBlockingIsNotTorn) {
  const Pipe pipe;
  ::fcntl(pipe.writer.get(), F_SETFL, O_NONBLOCK);
  LineWriter writer(pipe.writer.get(), describe);
  fill(writer, 30'001);
  std::string text = read_all(pipe.reader.get());
  writer.write("after\n");
  text += read_all(pipe.reader.get());
  EXPECT_EQ(text.substr(expect_numbered(text, 0, 30'001)), "lost 1: its reader does not keep up\nafter\n");
}

TEST(LineWriter, APipeThatCannotBeOpenedAnewIsAskedBeforeEachPiece) {
  Pipe pipe;
  const std::string path = "/proc/self/fd/" + std::to_string(pipe.writer.get());
  pipe.reader.reset();  // opening it for writing fails as long as nobody reads
  LineWriter writer(pipe.writer.get(), describe);
  const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  fill(writer, 30'001);
  std::string text = read_all(reader.get());
  writer.write("after\n");
  text += read_all(reader.get());
  EXPECT_EQ(text.substr(expect_numbered(text, 0, 30'001)), "lost 1: its reader does not keep up\nafter\n");
}

TEST(LineWriter, ASocketIsNeverWaitedForLong) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd other(ends[1]);
  LineWriter writer(other.get(), describe);
  fill(writer, 30'001);
  std::string text = read_all(reader.get());
  writer.write("after\n");
  text += read_all(reader.get());
  EXPECT_EQ(text.substr(expect_numbered(text, 0, 30'001)), "lost 1: its reader does not keep up\nafter\n");
}

TEST(LineWriter, ADiskThatIsFullIsNoReasonToEnd) {
  LineWriter writer(UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)), describe);
  writer.write("one\n");
  EXPECT_EQ(writer.take_trouble(), "No space left on device");
  writer.write("two\n");
  EXPECT_FALSE(writer.take_trouble());
  const TempFolder folder;
  writer.replace(open_log_file((folder / "log").string()));
  writer.write("three\n");
  EXPECT_EQ(folder.read("log"), "lost 2: No space left on device\nthree\n");
}

/// A file may grow no further than this, as on a disk that is full.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t most) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit now = before_;
    now.rlim_cur = most;
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~SizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(LineWriter, ALineOfWhichTheDiskTookAPartIsCompletedFirst) {
  const TempFolder folder;
  LineWriter writer(open_log_file((folder / "log").string()), describe);
  {
    const SizeLimit limit(10);
    writer.write("123456\n");
    writer.write("abcdef\n");  // room for three bytes of it
    writer.write("lost\n");
    EXPECT_EQ(folder.read("log"), "123456\nabc");
    EXPECT_EQ(writer.take_trouble(), "File too large");
  }
  writer.write("after\n");
  EXPECT_EQ(folder.read("log"), "123456\nabcdef\nlost 1: File too large\nafter\n");
}

TEST(LineWriter, WhatIsLeftIsWrittenAtTheEnd) {
  const TempFolder folder;
  {
    LineWriter writer(open_log_file((folder / "log").string()), describe);
    const SizeLimit limit(3);
    writer.write("abcdef\n");
    writer.write("lost\n");
    EXPECT_EQ(folder.read("log"), "abc");
  }
  EXPECT_EQ(folder.read("log"), "abcdef\nlost 1: File too large\n");
}

TEST(LineWriter, AFileThatWasLeftInMidLineGoesOnWithANewLine) {
  const TempFolder folder;
  {
    const SizeLimit limit(3);
    LineWriter writer(open_log_file((folder / "log").string()), describe);
    writer.write("abcdef\n");
  }
  EXPECT_EQ(folder.read("log"), "abc");
  LineWriter writer(open_log_file((folder / "log").string()), describe);
  writer.write("next\n");
  EXPECT_EQ(folder.read("log"), "abc\nnext\n");
}

TEST(LineWriter, AFileGoesOnAtItsEndAlsoAsStandardOutput) {
  const TempFolder folder;
  folder.write("log", "whole\n");
  const UniqueFd appended(::open((folder / "log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  LineWriter(appended.get(), describe).write("one\n");
  EXPECT_EQ(folder.read("log"), "whole\none\n");
  folder.write("log", "cut");
  LineWriter(appended.get(), describe).write("two\n");
  EXPECT_EQ(folder.read("log"), "cut\ntwo\n");
}

TEST(LineWriter, AnInvalidDescriptorLosesAndDoesNotEnd) {
  LineWriter writer(-1, describe);
  writer.write("one\n");
  EXPECT_EQ(writer.take_trouble(), "Bad file descriptor");
}

TEST(OpenLogFile, DoesNotWaitForTheReaderOfAFifo) {
  const TempFolder folder;
  ASSERT_EQ(::mkfifo((folder / "log").c_str(), 0600), 0);
  EXPECT_FALSE(open_log_file((folder / "log").string()));
  EXPECT_EQ(errno, ENXIO);
}

}  // namespace
}  // namespace reeld
