#pragma once
// The names in a folder, one after another, without holding them: a folder may have millions.
//
// Lifetime: borrows the descriptor. Errors: `next` ends the reading, and `error` says why.
// A name that stands in the folder from beginning to end is seen at least once; others may or may not be.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace reeld {

enum class EntryKind { file, folder, other };

struct FolderEntry {
  std::string_view name;  // valid until the next call
  EntryKind kind = EntryKind::other;
  std::uint64_t inode = 0;
};

class FolderReader {
 public:
  /// `folder_fd` is open for reading; its position is this reader's to move.
  explicit FolderReader(int folder_fd);

  /// Begins again at the first name.
  void rewind();
  /// The next name (never "." or ".."), or nullopt at the end.
  std::optional<FolderEntry> next();
  /// errno of what ended the reading; 0 if it was the end.
  int error() const { return error_; }

 private:
  static constexpr std::size_t buffer_size = 64 * 1024;

  bool fill();

  int fd_;
  std::unique_ptr<std::array<char, buffer_size>> buffer_;
  std::size_t filled_ = 0;
  std::size_t position_ = 0;
  int error_ = 0;
};

}  // namespace reeld
