#include <gtest/gtest.h>

#include "log/log_format.hpp"

namespace reeld {
namespace {

const SystemTime at = SystemTime{} + std::chrono::milliseconds(1'790'000'000'123);

TEST(LogFormat, JsonHasTheFourFieldsAndThenTheEventsOwn) {
  EXPECT_EQ(format_json_line(at, LogLevel::info, "job.accepted", "done",
                             {{"job", "a/b"}, {"attempt", 2}, {"ms", 1.5}, {"ok", true}}),
            R"({"ts":"2026-09-21T14:13:20.123Z","level":"info","event":"job.accepted","msg":"done",)"
            R"("job":"a/b","attempt":2,"ms":1.500,"ok":true})");
}

TEST(LogFormat, JsonEscapesWhatNamesMayHold) {
  const std::string line = format_json_line(at, LogLevel::warning, "pair.orphan", "m",
                                            {{"job",
                                              "a\"b\\c\nd\x01"
                                              "e"}});
  EXPECT_NE(line.find(R"("job":"a\"b\\c\nd\u0001e")"), std::string::npos) << line;
}

TEST(LogFormat, JsonReplacesBytesThatAreNotUtf8) {
  const std::string line = format_json_line(at, LogLevel::error, "e.e", "m",
                                            {{"job", std::string("a\xff"
                                                                 "b")}});
  EXPECT_NE(line.find("\"job\":\"a\xEF\xBF\xBD"
                      "b\""),
            std::string::npos)
      << line;
}

TEST(LogFormat, TextDoesNotSteerATerminal) {
  const std::string line =
      format_text_line(at, LogLevel::info, "job.accepted", "job x\x1b[31m", {{"id", "x\x1b[31m"}});
  for (const char c : line) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << line;
}

TEST(LogFormat, TextStaysOnOneLineAndQuotesOnlyWhatNeedsIt) {
  const std::string line = format_text_line(at, LogLevel::warning, "pair.orphan", "two\nlines",
                                            {{"job", "a b"}, {"n", 3}, {"plain", "x"}});
  EXPECT_EQ(line, "2026-09-21T14:13:20.123Z warning pair.orphan two lines job=\"a b\" n=3 plain=x");
}

TEST(LogFormat, TextQuotesControlCharacters) {
  const std::string line = format_text_line(at, LogLevel::info, "e.e", "m", {{"job", "a\x1b[2Jb"}});
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

TEST(LogFormat, AJournalEntryHasItsFieldsUnderNamesOfTheirOwn) {
  const auto entry = make_journal_entry(LogLevel::warning, "job.refused", "not\nsubmitted",
                                        {{"job", "projectA/scene 1"},
                                         {"http_status", 400},
                                         {"ok", false},
                                         {"reason", "two\nlines\xff"},
                                         {"none", ""}});
  const std::vector<std::string> expected{"MESSAGE=not\nsubmitted",
                                          "PRIORITY=4",
                                          "SYSLOG_IDENTIFIER=reeld",
                                          "REELD_EVENT=job.refused",
                                          "REELD_JOB=projectA/scene 1",
                                          "REELD_HTTP_STATUS=400",
                                          "REELD_OK=false",
                                          "REELD_REASON=two\nlines\xef\xbf\xbd",
                                          "REELD_NONE="};
  EXPECT_EQ(entry, expected);
}

TEST(LogFormat, PrioritiesAreThoseOfSyslog) {
  EXPECT_EQ(priority_of(LogLevel::error), 3);
  EXPECT_EQ(priority_of(LogLevel::warning), 4);
  EXPECT_EQ(priority_of(LogLevel::info), 6);
  EXPECT_EQ(priority_of(LogLevel::debug), 7);
}

TEST(LogFormat, NothingSteersATerminalOrTurnsTextAround) {
  const LogFields fields{{"id", "a\u009b31m"}, {"reason", "x \u202Egnp.txt"}};
  for (const auto format : {format_json_line, format_text_line}) {
    const std::string line = format(SystemTime{}, LogLevel::info, "a.b", "said \u0085 \u2067", fields);
    for (const char* const steers : {"\u009b", "\u202e", "\u0085", "\u2067"})
      EXPECT_EQ(line.find(steers), std::string::npos) << line;
    for (const char* const shown : {"\\u009b31m", "\\u202egnp.txt", "\\u0085", "\\u2067"})
      EXPECT_NE(line.find(shown), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace reeld
