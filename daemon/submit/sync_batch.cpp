#include "submit/sync_batch.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "async/offload.hpp"
#include "core/ledger_match.hpp"
#include "sys/durable_file.hpp"
#include "sys/file_status.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_open = 64;  // files, at one time

/// One step for all that have come so far.
template <class Step>
void for_each_file(std::span<FileToWrite* const> files, std::vector<DurableFile>& written, Step step) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i]->error) files[i]->error = step(written[i], files[i]->text);
  }
}

void write_some(std::span<FileToWrite* const> files) {
  std::vector<DurableFile> on_their_way;
  on_their_way.reserve(files.size());
  for (const FileToWrite* const file : files)
    on_their_way.emplace_back(file->folder_fd, file->folder, file->file);
  for_each_file(files, on_their_way,
                [](DurableFile& file, const std::string& text) { return file.write(text); });
  for_each_file(files, on_their_way, [](DurableFile& file, const std::string&) { return file.sync(); });
  for_each_file(files, on_their_way, [](DurableFile& file, const std::string&) { return file.rename(); });
}

}  // namespace

void write_files(const std::vector<FileToWrite*>& files) {
  for (std::span<FileToWrite* const> rest = files; !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), max_open));
    write_some(some);
    rest = rest.subspan(some.size());
  }
  std::map<FolderIdentity, std::vector<FileToWrite*>> folders;
  for (FileToWrite* const file : files) {
    if (!file->error) folders[identify_folder(file->folder_fd)].push_back(file);
  }
  for (const auto& [identity, written] : folders) {
    const auto error = sync_folder(written.front()->folder_fd, written.front()->folder);
    for (FileToWrite* const file : written) file->error = error;
  }
}

boost::asio::awaitable<std::optional<SysError>> SyncBatch::write(FileToWrite file) {
  const auto entry = std::make_shared<Entry>(std::move(file));
  queue_.push_back(entry);
  // Whoever finds nobody writing writes for all, once; then it is the turn of one who came meanwhile.
  while (!entry->is_done) {
    if (is_writing_) {
      co_await wait_for(entry);
    } else {
      co_await write_batch();
    }
  }
  co_return std::move(entry->file.error);
}

boost::asio::awaitable<void> SyncBatch::write_batch() {
  const auto batch = std::make_shared<std::vector<std::shared_ptr<Entry>>>(std::exchange(queue_, {}));
  is_writing_ = true;
  auto work = [batch] {
    std::vector<FileToWrite*> files;
    for (const auto& entry : *batch) files.push_back(&entry->file);
    write_files(files);
    return true;
  };
  co_await offload(workers_, std::move(work));
  is_writing_ = false;
  for (const auto& entry : *batch) {
    entry->is_done = true;
    wake_up(*entry, loop_);
  }
  if (!queue_.empty()) wake_up(*queue_.front(), loop_);
}

}  // namespace reeld
