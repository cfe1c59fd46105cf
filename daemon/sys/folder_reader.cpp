#include "sys/folder_reader.hpp"

#include <dirent.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "sys/file_status.hpp"

namespace reeld {
namespace {

EntryKind find_kind(int folder_fd, const char* name, unsigned char type) {
  switch (type) {
    case DT_REG:
      return EntryKind::file;
    case DT_DIR:
      return EntryKind::folder;
    case DT_UNKNOWN:
      break;  // some file systems do not say
    default:
      return EntryKind::other;
  }
  const auto answer = look_up_status(folder_fd, name);
  if (answer.code == 0 && answer.status.is_regular) return EntryKind::file;
  if (answer.code == 0 && answer.status.is_folder) return EntryKind::folder;
  return EntryKind::other;
}

bool is_dot_or_dot_dot(const char* name) {
  return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

}  // namespace

FolderReader::FolderReader(int folder_fd)
    : fd_(folder_fd), buffer_(std::make_unique<std::array<char, buffer_size>>()) {
  rewind();
}

void FolderReader::rewind() {
  filled_ = position_ = 0;
  error_ = ::lseek(fd_, 0, SEEK_SET) < 0 ? errno : 0;
}

bool FolderReader::fill() {
  if (error_ != 0) return false;
  const ssize_t count = ::getdents64(fd_, buffer_->data(), buffer_->size());
  if (count < 0) error_ = errno;
  filled_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  position_ = 0;
  return filled_ > 0;
}

std::optional<FolderEntry> FolderReader::next() {
  while (position_ < filled_ || fill()) {
    const char* const record = buffer_->data() + position_;
    unsigned short length = 0;
    std::memcpy(&length, record + offsetof(::dirent64, d_reclen), sizeof length);
    const auto type = static_cast<unsigned char>(record[offsetof(::dirent64, d_type)]);
    const char* const name = record + offsetof(::dirent64, d_name);
    position_ += length;
    if (is_dot_or_dot_dot(name)) continue;
    std::uint64_t inode = 0;
    std::memcpy(&inode, record + offsetof(::dirent64, d_ino), sizeof inode);
    return FolderEntry{name, find_kind(fd_, name, type), inode};
  }
  return std::nullopt;
}

}  // namespace reeld
