#include "commands/job/result_files.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>

#include "codec/result_json.hpp"
#include "codec/terminal_text.hpp"
#include "commands/command_failure.hpp"
#include "core/spool_name.hpp"
#include "settings/exit_code.hpp"
#include "spool/result_place.hpp"
#include "spool/result_text.hpp"
#include "sys/read_file.hpp"
#include "sys/sys_error.hpp"
#include "sys/time_stamp.hpp"

namespace reeld {
namespace {

constexpr std::uint64_t max_result = 4U << 20U;  // with an answer of 1 MiB in it, escaped
constexpr int max_names = 100;

JobName split_name(const std::string& text) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string::npos) return {"", text};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

[[noreturn]] void fail(std::string_view doing, const std::string& path) {
  throw CommandFailure(exit_code::failed, make_sys_error(doing, path, errno).message +
                                              "; take it away by hand, and say this again");
}

// Not every file system can tell; a stamp of the second is then what keeps names apart.
int rename_to_new(int folder_fd, const std::string& from, const std::string& to) {
  if (::renameat2(folder_fd, from.c_str(), folder_fd, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  return ::renameat(folder_fd, from.c_str(), folder_fd, to.c_str()) == 0 ? 0 : errno;
}

std::string keep_aside(int folder_fd, const std::string& path, const std::string& name, SystemTime now) {
  const std::string stamp = make_time_stamp(now);
  for (int number = 1; number <= max_names; ++number) {
    const std::string aside = replaced_name(name, number == 1 ? stamp : stamp + "-" + std::to_string(number));
    errno = rename_to_new(folder_fd, name, aside);
    if (errno == 0) return aside;
    if (errno != EEXIST) break;
  }
  fail("rename", path);
}

}  // namespace

std::string find_id_in(int folder_fd, const std::string& name) {
  const std::string text = read_result(folder_fd, name).value_or("");
  return find_api_id(text, std::chrono::system_clock::now());
}

std::optional<std::string> find_known_text(const JobRecord& record, const std::string& name) {
  JobRecord as_it_ended = record;
  if (!record.is_ended) return std::nullopt;
  if (record.end.verdict == Verdict::accepted) {
    as_it_ended.job.state = LedgerState::accepted;
  } else if (record.end.verdict == Verdict::doubt) {
    as_it_ended.job.state = LedgerState::doubt;
  } else {
    return std::nullopt;
  }
  ResultText result = build_result(as_it_ended);
  // By its kind: the job may have gone by another name when it was recorded.
  if (classify_name(result.file).kind != classify_name(name).kind) return std::nullopt;
  return std::move(result.text);
}

std::optional<std::string> read_result(int folder_fd, const std::string& name) {
  return read_small_beneath(folder_fd, name, max_result);
}

std::optional<std::string> find_told_text(JobRecord record, const std::string& name,
                                          const std::optional<std::string>& text) {
  auto known = find_known_text(record, name);
  if (record.job.state != LedgerState::doubt || !text || text == known) return known;
  record.job.name = split_name(read_doubt_job(*text));
  auto told = find_known_text(record, name);
  return told == text ? told : known;
}

void put_away(int folder_fd, const std::string& folder, const std::string& name,
              const std::optional<std::string>& known, std::ostream& out, std::string_view why_kept) {
  const std::string path = join_path(folder, name);
  if (known && holds_text(folder_fd, name, *known)) {
    if (::unlinkat(folder_fd, name.c_str(), 0) != 0 && errno != ENOENT) fail("remove", path);
    return;
  }
  const std::string kept = keep_aside(folder_fd, path, name, std::chrono::system_clock::now());
  out << make_printable(path, 1000) << ' ' << why_kept << ": it is kept as " << make_printable(kept, 1000)
      << '\n';
}

}  // namespace reeld
