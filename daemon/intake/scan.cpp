#include "intake/scan.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "core/spool_name.hpp"
#include "intake/arriving_folders.hpp"
#include "intake/tally.hpp"
#include "sys/file_status.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/folder_reader.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr std::size_t names_in_message = 512;
constexpr std::size_t messages_in_batch = 256;
constexpr std::size_t names_between_checks = 4'096;
// Long enough that no living reeld is still writing it.
constexpr auto temporary_lifetime = std::chrono::hours(1);

class Scan {
 public:
  Scan(const ScanTask& task, const std::stop_token& cancelled, const DeliverMessages& deliver)
      : task_(task), cancelled_(cancelled), deliver_(deliver), tally_(task.seed) {}

  void run() {
    pending_.push_back(task_.folder);
    while (!pending_.empty() && !cancelled_.stop_requested()) {
      const std::string path = std::move(pending_.back());
      pending_.pop_back();
      read_folder(path);
    }
    flush();
  }

 private:
  void read_folder(const std::string& path);
  std::optional<int> watch(int fd, const std::string& path);
  void ask_for_polling(int fd, const std::string& path);
  int take_stock(FolderReader& reader, int fd, const std::string& path);
  int report_unfinished(FolderReader& reader);
  void handle_folder(std::string_view name, const std::string& path);
  void handle_file(const FolderEntry& entry, int fd);
  void flush_names();
  void say(ScanMessage message);
  void flush();
  bool is_time_to_end() { return ++names_seen_ % names_between_checks == 0 && cancelled_.stop_requested(); }

  const ScanTask& task_;
  const std::stop_token& cancelled_;
  const DeliverMessages& deliver_;
  StemTally tally_;  // of the folder that is being read
  bool has_odd_names_ = false;
  std::vector<std::string> pending_;
  std::vector<std::string> names_;
  std::vector<ScanMessage> messages_;
  std::size_t names_seen_ = 0;
  bool has_said_out_of_watches_ = false;
  bool has_said_network_ = false;
};

void Scan::say(ScanMessage message) {
  messages_.push_back(std::move(message));
  if (messages_.size() >= messages_in_batch) flush();
}

void Scan::flush() {
  if (!messages_.empty()) deliver_(std::exchange(messages_, {}));
}

void Scan::flush_names() {
  if (names_.empty()) return;
  say(NamesFound{std::exchange(names_, {})});
  flush();
}

std::optional<int> Scan::watch(int fd, const std::string& path) {
  if (task_.inotify == nullptr) return std::nullopt;
  const auto result = task_.inotify->watch_folder(fd, path);
  if (const auto* const number = std::get_if<int>(&result)) return *number;
  if (!std::exchange(has_said_out_of_watches_, true)) {
    const auto& error = std::get<SysError>(result);
    say(PollingNeeded{error.code == ENOSPC ? "out of inotify watches; raise fs.inotify.max_user_watches"
                                           : error.message});
  }
  return std::nullopt;
}

void Scan::ask_for_polling(int fd, const std::string& path) {
  if (has_said_network_) return;
  const auto result = find_file_system_kind(fd, path);
  const auto* const kind = std::get_if<FileSystemKind>(&result);
  if (kind == nullptr || !kind->hides_remote_writers) return;
  has_said_network_ = true;
  say(PollingNeeded{"a network file system (" + std::string(kind->name) +
                    ") hides what other machines write"});
}

void Scan::read_folder(const std::string& path) {
  const auto opened = open_folder_beneath(task_.root_fd, path);
  if (const auto* const error = std::get_if<SysError>(&opened)) {
    say(FolderFailed{path, *error});
    return;
  }
  const int fd = std::get<UniqueFd>(opened).get();
  ask_for_polling(fd, path);
  const auto number = watch(fd, path);
  const FileIdentity folder = read_status(fd).status.identity;
  say(FolderOpened{path, number, folder.mtime_ns, folder.born_ns});
  // Now rather than with the batch: events of this watch are waiting for its name.
  if (number) flush();
  FolderReader reader(fd);
  tally_.clear();
  has_odd_names_ = false;
  // Names are held only of what is unfinished: that is known at the end, so they are read once more.
  int code = take_stock(reader, fd, path);
  if (code == 0 && tally_.unfinished() != 0) {
    reader.rewind();
    code = report_unfinished(reader);
  }
  flush_names();
  if (code == 0) {
    say(FolderRead{has_odd_names_});
  } else {
    say(FolderFailed{path, make_sys_error("read the folder", path, code)});
  }
}

int Scan::take_stock(FolderReader& reader, int fd, const std::string& path) {
  while (const auto entry = reader.next()) {
    if (is_time_to_end()) return ECANCELED;
    if (entry->kind == EntryKind::folder) {
      handle_folder(entry->name, path);
    } else {
      handle_file(*entry, fd);
    }
  }
  return reader.error();
}

void Scan::handle_folder(std::string_view name, const std::string& path) {
  if (!task_.is_recursive || is_hidden_name(name) || task_.ignored.contains(name)) return;
  pending_.push_back(join_path(path, name));
}

void remove_if_stale(int folder_fd, const std::string& name) {
  const auto answer = look_up_status(folder_fd, name);
  if (answer.code != 0 || !answer.status.is_regular) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  if (std::chrono::nanoseconds(answer.status.identity.mtime_ns) + temporary_lifetime >= now) return;
  ::unlinkat(folder_fd, name.c_str(), 0);
}

void Scan::handle_file(const FolderEntry& entry, int fd) {
  const auto name = classify_name(entry.name);
  if (is_result(name.kind)) {
    tally_.note_result(name.stem);
  } else if (is_input(name.kind)) {
    tally_.note_input(name.stem);
    has_odd_names_ |= !is_usual_input_name(entry.name);
  } else if (is_temporary_name(entry.name)) {
    remove_if_stale(fd, std::string(entry.name));
  }
}

int Scan::report_unfinished(FolderReader& reader) {
  while (const auto entry = reader.next()) {
    if (is_time_to_end()) return ECANCELED;
    // A link or a pipe is an input that will be refused, and said to be.
    if (entry->kind == EntryKind::folder) continue;
    const auto name = classify_name(entry->name);
    if (!is_input(name.kind) || tally_.is_finished(name.stem)) continue;
    names_.emplace_back(entry->name);
    if (names_.size() >= names_in_message) flush_names();
  }
  return reader.error();
}

}  // namespace

void scan_tree(const ScanTask& task, const std::stop_token& cancelled, const DeliverMessages& deliver) {
  Scan(task, cancelled, deliver).run();
}

}  // namespace reeld
