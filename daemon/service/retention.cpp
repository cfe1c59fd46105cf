#include "service/retention.hpp"

#include <algorithm>
#include <unordered_set>

#include "async/offload.hpp"
#include "ledger/sqlite.hpp"
#include "sys/file_status.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/folder_reader.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr milliseconds first_rest = std::chrono::minutes(10);
constexpr milliseconds daily = std::chrono::hours(24);
constexpr std::size_t max_at_once = 10'000;

/// Takes those out of `wanted` that are found; false where a folder could not be read, and so nothing is
/// certain.
bool remove_found(int folder_fd, std::unordered_set<std::uint64_t>& wanted,
                  const std::stop_token& cancelled) {
  FolderReader reader(folder_fd);
  while (const auto entry = reader.next()) {
    if (cancelled.stop_requested()) return false;
    wanted.erase(entry->inode);
    if (entry->kind != EntryKind::folder) continue;
    auto opened = open_folder_beneath(folder_fd, entry->name);
    const auto* const fd = std::get_if<UniqueFd>(&opened);
    if (fd == nullptr || !remove_found(fd->get(), wanted, cancelled)) return false;
  }
  return reader.error() == 0;
}

/// Restored, perhaps: other inodes under the old names.
bool lies_at_its_path(int root_fd, const FinishedJob& job) {
  auto folder = open_folder_beneath(root_fd, job.name.folder);
  const auto* const fd = std::get_if<UniqueFd>(&folder);
  return fd != nullptr && (look_up_status(fd->get(), job.prompt_name).code == 0 ||
                           look_up_status(fd->get(), job.image_name).code == 0);
}

/// There a file may be listed under one number and known by another, or by a new one after each mount.
bool has_lasting_inodes(int folder_fd) {
  const auto kind = find_file_system_kind(folder_fd, "");
  const auto* const found = std::get_if<FileSystemKind>(&kind);
  return found != nullptr && found->keeps_stamps && !found->hides_remote_writers;
}

}  // namespace

std::vector<std::int64_t> find_missing(int spool_fd, const std::vector<FinishedJob>& jobs,
                                       const std::stop_token& cancelled) {
  std::unordered_set<std::uint64_t> missing;
  for (const FinishedJob& job : jobs) missing.insert({job.prompt_inode, job.image_inode});
  auto root = open_folder_beneath(spool_fd, "");
  const auto* const fd = std::get_if<UniqueFd>(&root);
  std::vector<std::int64_t> out;
  if (fd == nullptr || !has_lasting_inodes(fd->get()) || !remove_found(fd->get(), missing, cancelled))
    return out;
  for (const FinishedJob& job : jobs) {
    const bool is_missing = missing.contains(job.prompt_inode) && missing.contains(job.image_inode);
    if (is_missing && !lies_at_its_path(fd->get(), job)) out.push_back(job.id);
  }
  return out;
}

void Retention::start(milliseconds keep) {
  keep_ = keep;
  tasks_.spawn("forget old jobs", run());
}

void Retention::stop() {
  cancel_.request_stop();
  rests_.stop();
}

boost::asio::awaitable<void> Retention::run() {
  co_await rests_.rest(first_rest);
  while (!rests_.is_stopped()) {
    try {
      co_await forget_once();
    } catch (const SqliteError&) {
      // A ledger that cannot be read is said elsewhere; tomorrow is another day.
    }
    if (rests_.is_stopped()) break;
    co_await rests_.rest(daily);
  }
}

boost::asio::awaitable<void> Retention::forget_once() {
  const SystemTime before = std::chrono::system_clock::now() - keep_;
  std::int64_t after = 0;
  std::set<std::int64_t> gone_now;
  while (!rests_.is_stopped()) {
    std::vector<FinishedJob> jobs = co_await ledger_.questions().find_finished(before, after, max_at_once);
    if (jobs.empty()) break;
    after = jobs.back().id;
    // Twice: what is moved about during one walk may be missed by it.
    auto work = [fd = spool_fd_, jobs = std::move(jobs), cancelled = cancel_.get_token()] {
      const std::vector<std::int64_t> once = find_missing(fd, jobs, cancelled);
      std::vector<FinishedJob> candidates;
      for (const FinishedJob& job : jobs) {
        if (std::find(once.begin(), once.end(), job.id) != once.end()) candidates.push_back(job);
      }
      return candidates.empty() ? once : find_missing(fd, candidates, cancelled);
    };
    auto gone = co_await offload(walker_, std::move(work));
    // A folder that is away for a day (moved, not mounted) is not gone: two rounds must agree.
    std::erase_if(gone, [&](std::int64_t job) {
      gone_now.insert(job);
      return !gone_before_.contains(job);
    });
    if (gone.empty()) continue;
    ledger_.post([gone = std::move(gone)](LedgerStore& store) {
      for (const std::int64_t job : gone) store.forget_texts(job);
    });
  }
  gone_before_ = std::move(gone_now);
}

}  // namespace reeld
