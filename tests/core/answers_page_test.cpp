// docs/answers.md has the table of verdicts, row by row, as the code has it.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "core/verdict.hpp"
#include "core/verdict_table.hpp"

namespace reeld {
namespace {

std::string describe(Needs needs) {
  switch (needs) {
    case Needs::nothing:
      return "";
    case Needs::error_object:
      return "an API error";
    case Needs::page:
      return "words, and no API error";
    case Needs::no_error_object:
      return "no API error";
    case Needs::error_and_retry_after:
      return "an API error, and `Retry-After`";
    case Needs::error_if_success:
      return "at 2xx only if the answer is an API error or has a failure status";
    case Needs::unreadable_id:
      return "an id that cannot be read, and no other id";
    case Needs::id_and_failure:
      return "an id, and an error or a failure status";
    case Needs::id_and_failure_word:
      return "an id, and a failure status other than `error` and `fail`; not at 401 to 405, 407, 425, 429";
    case Needs::id_of_job:
      return "an id, and the status of a job that waits, runs or is complete; from 500 on also of one that has "
             "failed; the id may be one that cannot be read";
    case Needs::result_elsewhere:
      return "all of the request was sent, and its `Location` is beneath `/v1/videos/` (the last two names of the "
             "request's path), or beneath `/videos/` with a digit in what is there; at 303 without a digit, too, or "
             "`/videos` with a query; at 301 and 302 no login page or the like";
    case Needs::job_id:
      return "an id that does not stand where a job's belongs, but is called one (`task_id`), stands in what is called "
             "one (`task`, `result`), or beside the status of a job that waits or runs";
    case Needs::failure_and_seen_id:
      return "an error or a failure status, and an id that stands elsewhere than a job's";
    case Needs::json_failure:
      return "a JSON object with an error or a failure status";
    case Needs::param:
      return "an API error with a `param`";
    case Needs::proxys:
      return "from a proxy, to CONNECT";
    case Needs::error_before_accepted:
      return "an API error, and nothing was accepted so far";
  }
  return "?";
}

std::string describe(About about, Verdict verdict) {
  if (verdict != Verdict::refused && verdict != Verdict::account) return "";
  switch (about) {
    case About::all:
      return "all";
    case About::pair:
      return "the pair; three alike are proven";
    case About::pair_once:
      return "the pair; three alike are proven, none is sent again";
    case About::either:
      return "proven";
    case About::pair_alone:
      return "the pair";
  }
  return "?";
}

std::string list(const char* what, std::span<const std::string_view> words, const char* quote) {
  std::string out;
  for (const std::string_view word : words)
    out.append(out.empty() ? what : ", ").append(quote).append(word).append(quote);
  return out;
}

std::string describe(const TableRow& row) {
  std::string status = std::to_string(row.from);
  if (row.to != row.from) status += " to " + std::to_string(row.to);
  std::string when = describe(row.needs);
  const std::string codes = list("code: ", row.codes, "`");
  const std::string texts = list("words: ", row.texts, "\"");
  for (const std::string& part : {codes, texts}) {
    if (!part.empty()) when += (when.empty() ? "" : "; ") + part;
  }
  return "| " + status + " | " + when + " | " + std::string(word_of(row.verdict)) + " | " +
         describe(row.about, row.verdict) + " | " + std::string(row.why) + " |\n";
}

/// The rows of the table that begins with this line.
std::string read_table(const std::string& head) {
  std::ifstream file(std::string(REELD_SOURCE_DIR) + "/docs/answers.md");
  std::stringstream page;
  page << file.rdbuf();
  const std::string whole = page.str() + "\n";
  const std::size_t at = whole.find(head);
  if (at == std::string::npos) return "no such table";
  const std::size_t begin = whole.find('\n', at + head.size()) + 1;  // behind the line of dashes
  return whole.substr(begin, whole.find("\n\n", begin) + 1 - begin);
}

TEST(AnswersPage, HasTheTableOfTheCode) {
  std::string table;
  for (const TableRow& row : verdict_table()) table += describe(row);
  EXPECT_EQ(read_table("| HTTP | and | verdict | about | why |\n"), table)
      << "docs/answers.md is to have these lines, and no other:\n"
      << table;
}

/// Where no answer came: whatever it was, only the commit point and an early success count.
TEST(AnswersPage, SaysWhatIsJudgedWithoutAReply) {
  const auto judge_silence = [](bool is_committed, int cut_status) {
    AttemptEnd end;
    end.committed = is_committed;
    end.cut_status = cut_status;
    end.failure = "why";
    return std::string(word_of(judge(end, {}).verdict));
  };
  const std::string before = judge_silence(false, 0);
  const std::string after = judge_silence(true, 0);
  const std::string early = judge_silence(false, 503) + "; of a 2xx: " + judge_silence(false, 200);
  const std::string unread = before;  // the alert proves that the request was never read: not committed
  EXPECT_EQ(read_table("| what happened | before the closing boundary | after it |\n"),
            "| the name has no address, no address can be connected to, TLS fails | " + before + " | |\n" +
                "| the server refuses the client certificate by a TLS alert | " + before + " | " + unread +
                " |\n" + "| a reply that is not HTTP/1 | " + before + " | " + after + " |\n" +
                "| the connection ends, or nothing comes for the time allowed | " + before + " | " + after +
                " |\n" + "| a reply that is cut, or longer than 1 MiB | " + early + " | " + after + " |\n");
}

}  // namespace
}  // namespace reeld
