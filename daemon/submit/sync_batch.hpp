#pragma once
// Result files that are written at the same time share the sync of their folder: what comes while a batch is
// being written goes with the next, all of it.
//
// Lifetime: outlives every await on it. Threads: the loop's; the disk is waited for by a worker.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/waiter.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

/// A file to be written, whole or not at all.
struct FileToWrite {
  FileToWrite(int fd, std::string path, std::string name, std::string contents)
      : folder_fd(fd), folder(std::move(path)), file(std::move(name)), text(std::move(contents)) {}
  int folder_fd;       // kept by the caller until it is written
  std::string folder;  // for messages
  std::string file;
  std::string text;
  std::optional<SysError> error;
};

/// All are written, then all are synced, so that one write of the journal serves them; then each folder is
/// synced, once, and what fails there has failed for all of its files. Blocks.
void write_files(const std::vector<FileToWrite*>& files);

class SyncBatch {
 public:
  SyncBatch(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers)
      : loop_(std::move(loop)), workers_(workers) {}

  /// Durability: the file and its name survive a power cut once this has returned without an error.
  boost::asio::awaitable<std::optional<SysError>> write(FileToWrite file);

 private:
  struct Entry : Waiter {
    explicit Entry(FileToWrite to_write) : file(std::move(to_write)) {}
    FileToWrite file;
    bool is_done = false;
  };

  boost::asio::awaitable<void> write_batch();

  boost::asio::any_io_executor loop_;
  boost::asio::thread_pool& workers_;
  std::vector<std::shared_ptr<Entry>> queue_;
  bool is_writing_ = false;
};

}  // namespace reeld
