#include "log/event_log.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <csignal>
#include <sstream>
#include <thread>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;

/// What stands for standard output: a pipe, and what is read from it.
class Output {
 public:
  Output() {
    std::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    reader_ = UniqueFd(ends[0]);
    writer_ = UniqueFd(ends[1]);
  }

  int fd() const { return writer_.get(); }
  std::string journal_name() const {
    struct ::stat status {};
    EXPECT_EQ(::fstat(fd(), &status), 0);
    return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  }
  void close_reader() { reader_.reset(); }
  int reader() const { return reader_.get(); }

  /// The lines since the last time.
  std::vector<std::string> take() {
    ::fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
    std::string text;
    char buffer[65536];
    for (ssize_t n = ::read(reader_.get(), buffer, sizeof buffer); n > 0;
         n = ::read(reader_.get(), buffer, sizeof buffer))
      text.append(buffer, static_cast<std::size_t>(n));
    return split(text);
  }

  static std::vector<std::string> split(const std::string& text) {
    EXPECT_TRUE(text.empty() || text.back() == '\n') << "the last line is cut";
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

 private:
  UniqueFd reader_;
  UniqueFd writer_;
};

std::string event_of(const std::string& line) {
  return std::string(json::parse(line).at("event").as_string());
}

std::string field_of(const std::string& line, std::string_view name) {
  return std::string(json::parse(line).at(name).as_string());
}

std::vector<std::string> events_of(const std::vector<std::string>& lines) {
  std::vector<std::string> out;
  for (const std::string& line : lines) out.push_back(event_of(line));
  return out;
}

LogSettings to_file(const std::filesystem::path& path) {
  LogSettings settings;
  settings.file = path.string();
  return settings;
}

TEST(EventLog, WritesTheSameLinesToStandardOutputAndToTheFile) {
  Output out;
  const TempFolder folder;
  EventLog log(to_file(folder / "log"), out.fd());
  log.info("pair.ready", "both files are complete", {{"job", "a/b"}});
  log.debug("spool.rescan", "not at this level");
  const auto lines = out.take();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(Output::split(folder.read("log")), lines);
  EXPECT_EQ(field_of(lines[0], "job"), "a/b");
}

TEST(EventLog, ThrowsForAFileThatCannotBeOpened) {
  try {
    const EventLog log(to_file("/nowhere/log"));
    FAIL() << "there is no such folder";
  } catch (const std::system_error& error) {
    EXPECT_STREQ(error.what(), "open the log file /nowhere/log: No such file or directory");
  }
}

TEST(EventLog, EachLineHasItsPriorityWhereStandardOutputIsTheJournal) {
  Output out;
  const TempFolder folder;
  ::setenv("JOURNAL_STREAM", out.journal_name().c_str(), 1);
  LogSettings settings = to_file(folder / "log");
  settings.level = LogLevel::debug;
  EventLog log(settings, out.fd());
  ::unsetenv("JOURNAL_STREAM");
  log.debug("a.a", "m");
  log.info("b.b", "m");
  log.warning("c.c", "m");
  log.error("d.d", "m");
  settings.format = LogFormat::text;
  EXPECT_FALSE(log.change(settings));
  log.error("e.e", "m");
  const auto lines = out.take();
  ASSERT_EQ(lines.size(), 5U);
  std::vector<std::string> prefixes;
  for (const std::string& line : lines) prefixes.push_back(line.substr(0, 3));
  EXPECT_THAT(prefixes, ElementsAre("<7>", "<6>", "<4>", "<3>", "<3>"));
  EXPECT_THAT(lines[4], HasSubstr(" error   e.e "));
  EXPECT_EQ(folder.read("log").find('<'), std::string::npos) << "a file has no use for them";
}

TEST(EventLogChange, TakesLevelFormatAndFile) {
  Output out;
  const TempFolder folder;
  EventLog log(to_file(folder / "one"), out.fd());
  log.info("a.a", "m");
  LogSettings settings = to_file(folder / "two");
  settings.level = LogLevel::warning;
  settings.format = LogFormat::text;
  EXPECT_FALSE(log.change(settings));
  log.info("b.b", "m");
  log.warning("c.c", "m");
  const auto lines = out.take();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(event_of(lines[0]), "a.a");
  EXPECT_THAT(lines[1], HasSubstr(" warning c.c "));
  EXPECT_EQ(Output::split(folder.read("one")), std::vector{lines[0]});
  EXPECT_EQ(Output::split(folder.read("two")), std::vector{lines[1]});
  settings.file.clear();
  EXPECT_FALSE(log.change(settings));
  log.warning("d.d", "m");
  EXPECT_EQ(out.take().size(), 1U);
  EXPECT_EQ(Output::split(folder.read("two")), std::vector{lines[1]});
}

TEST(EventLogChange, AFileThatCannotBeOpenedChangesNothing) {
  Output out;
  const TempFolder folder;
  EventLog log(to_file(folder / "one"), out.fd());
  LogSettings settings = to_file(folder / "missing/two");
  settings.level = LogLevel::error;
  settings.format = LogFormat::text;
  const auto error = log.change(settings);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message,
            "open the log file " + (folder / "missing/two").string() + ": No such file or directory");
  log.info("a.a", "m");
  const auto lines = out.take();
  EXPECT_THAT(events_of(lines), ElementsAre("a.a"));
  EXPECT_EQ(Output::split(folder.read("one")), lines);
}

TEST(EventLogReopen, SaysSoWhereTheOldFileIsKept) {
  Output out;
  const TempFolder folder;
  folder.make_folder("logs");
  EventLog log(to_file(folder / "logs/log"), out.fd());
  folder.rename("logs", "moved");
  log.reopen();
  log.info("a.a", "m");
  const auto lines = out.take();
  EXPECT_THAT(events_of(lines), ElementsAre("log.failed", "a.a"));
  EXPECT_EQ(field_of(lines[0], "where"), (folder / "logs/log").string());
  EXPECT_EQ(field_of(lines[0], "reason"), "No such file or directory");
  EXPECT_EQ(Output::split(folder.read("moved/log")), lines);
}

TEST(EventLogTrouble, AFullDiskIsToldOnStandardOutputOnce) {
  Output out;
  EventLog log(to_file("/dev/full"), out.fd());
  for (int i = 0; i < 3; ++i) log.info("a.a", "m");
  const auto lines = out.take();
  EXPECT_THAT(events_of(lines), ElementsAre("a.a", "log.failed", "a.a", "a.a"));
  EXPECT_EQ(field_of(lines[1], "where"), "/dev/full");
  EXPECT_EQ(field_of(lines[1], "reason"), "No space left on device");
}

TEST(EventLogTrouble, AReaderThatIsGoneIsToldInTheFileOnce) {
  Output out;
  const TempFolder folder;
  EventLog log(to_file(folder / "log"), out.fd());
  log.info("a.a", "m");
  out.close_reader();
  for (int i = 0; i < 3; ++i) log.info("b.b", "m");
  const auto lines = Output::split(folder.read("log"));
  EXPECT_THAT(events_of(lines), ElementsAre("a.a", "b.b", "log.failed", "b.b", "b.b"));
  EXPECT_EQ(field_of(lines[2], "where"), "standard output");
}

TEST(EventLogTrouble, WhatIsMissingIsCountedInItsPlace) {
  Output out;
  const TempFolder folder;
  // A link from a full disk to a file: what the path is changes with a rotation.
  std::filesystem::create_symlink("/dev/full", folder / "log");
  EventLog log(to_file(folder / "log"), out.fd());
  for (int i = 0; i < 3; ++i) log.info("a.a", "m");
  folder.remove("log");
  log.reopen();
  log.info("b.b", "m");
  const auto lines = Output::split(folder.read("log"));
  EXPECT_THAT(events_of(lines), ElementsAre("log.lost", "b.b"));
  EXPECT_EQ(json::parse(lines[0]).at("lines"), 3);
  EXPECT_EQ(field_of(lines[0], "reason"), "No space left on device");
  EXPECT_THAT(events_of(out.take()), ElementsAre("a.a", "log.failed", "a.a", "a.a", "b.b"));
}

TEST(EventLogJournal, WithoutOneTheLogIsJsonOnStandardOutputAndSaysSoOnce) {
  if (::access("/run/systemd/journal/socket", F_OK) == 0) GTEST_SKIP() << "there is a journal here";
  Output out;
  LogSettings settings;
  settings.format = LogFormat::journal;
  EventLog log(settings, out.fd());
  log.info("a.a", "m");
  log.info("b.b", "m");
  const auto lines = out.take();
  EXPECT_THAT(events_of(lines), ElementsAre("log.failed", "a.a", "b.b"));
  EXPECT_EQ(field_of(lines[0], "where"), "the journal");
}

/// The numbers of the lines, each of which must be whole.
std::vector<std::int64_t> numbers_of(const std::string& text) {
  std::vector<std::int64_t> out;
  for (const std::string& line : Output::split(text)) out.push_back(json::parse(line).at("n").as_int64());
  return out;
}

std::string read_to_end(int fd) {
  std::string text;
  char buffer[65536];
  for (ssize_t n = ::read(fd, buffer, sizeof buffer); n > 0; n = ::read(fd, buffer, sizeof buffer))
    text.append(buffer, static_cast<std::size_t>(n));
  return text;
}

/// Of the processor: the machine may have other things to do.
double seconds_of_this_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

TEST(EventLog, TenThousandLinesInASecondAreWholeAlsoWhileTheFileIsRotated) {
  constexpr std::int64_t count = 12'000;
  auto out = std::make_unique<Output>();
  const UniqueFd reader(::dup(out->reader()));
  const TempFolder folder;
  std::string piped;
  std::thread reading([&] { piped = read_to_end(reader.get()); });
  int rotations = 0;
  double took = 0;
  {
    EventLog log(to_file(folder / "log"), out->fd());
    const double begun = seconds_of_this_thread();
    for (std::int64_t n = 0; n < count; ++n) {
      log.info("attempt.ended", "the attempt ended: accepted",
               {{"n", n}, {"job", "projectA/scene \"1\" \xe7\x89\x9b"}, {"reason", std::string(200, 'r')}});
      if (n % 500 != 250) continue;
      folder.rename("log", "log." + std::to_string(rotations++));
      if (n % 1000 == 250) log.info("pair.ready", "between the two", {{"n", -1}});
      log.reopen();
    }
    took = seconds_of_this_thread() - begun;
  }
  out.reset();
  reading.join();
  std::string filed;
  for (int i = 0; i < rotations; ++i) filed += folder.read("log." + std::to_string(i));
  filed += folder.read("log");
  EXPECT_EQ(filed, piped);
  std::vector<std::int64_t> numbers = numbers_of(piped);
  EXPECT_EQ(std::erase(numbers, -1), 12);
  std::vector<std::int64_t> expected(count);
  for (std::int64_t n = 0; n < count; ++n) expected[static_cast<std::size_t>(n)] = n;
  EXPECT_EQ(numbers, expected);
  EXPECT_EQ(rotations, 24);
  RecordProperty("milliseconds", static_cast<int>(took * 1000));
#ifdef __SANITIZE_ADDRESS__
  constexpr double slower = 3;
#else
  constexpr double slower = 1;
#endif
  EXPECT_LT(took, slower * count / 10'000);
}

TEST(EventLog, AKeyIsInNoLineWhoeverQuotesIt) {
  const TempFolder folder;
  const Output out;
  EventLog log(to_file(folder / "log"), out.fd());
  log.hide(Secrets("sk-/1"));
  log.hide(Secrets("later"));
  log.error("a.b", "the key sk-/1",
            {{"reason", R"({"m":"\u0073k-\/1"})"}, {"id", "sk-/1"}, {"x", "later"}, {"n", 1}});
  const std::string text = folder.read("log");
  EXPECT_EQ(text.find("k-"), std::string::npos) << text;
  EXPECT_EQ(text.find("later"), std::string::npos) << text;
  EXPECT_THAT(text, HasSubstr("the key [key]"));
  EXPECT_EQ(log.recent_errors().back().reason, R"({"m":"[key]"})");
}

TEST(EventLogOnATerminal, WhatIsNowhereElseIsToldWhole) {
  const int watched = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_TRUE(watched >= 0 && ::grantpt(watched) == 0 && ::unlockpt(watched) == 0);
  const int terminal = ::open(::ptsname(watched), O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  const std::string answer = "{\"id\":\"video_1\",\"padding\":\"" + std::string(300, 'x') + "\"}";
  EventLog(LogSettings{}, terminal)
      .error("answer.unrecorded", "m", {{"job", "a"}, {"answer", answer}, {"reason", "r"}});
  std::string seen(4096, ' ');
  seen.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(watched, seen.data(), seen.size()), 0)));
  EXPECT_THAT(seen, HasSubstr("video_1"));
  EXPECT_THAT(seen, HasSubstr(std::string(300, 'x')));
  ::close(terminal);
  ::close(watched);
}

}  // namespace
}  // namespace reeld
