#include "runtime/owed_results.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "core/spool_name.hpp"
#include "runtime/results.hpp"
#include "sys/folder_reader.hpp"
#include "sys/read_file.hpp"
#include "sys/safe_open.hpp"
#include "sys/time_stamp.hpp"

namespace reeld {
namespace {

/// Depth first, hidden folders left out: they are never part of a spool.
UniqueFd search(int folder_fd, const FolderIdentity& wanted) {
  FolderReader reader(folder_fd);
  while (const auto entry = reader.next()) {
    if (entry->kind != EntryKind::folder || entry->name.starts_with('.')) continue;
    auto opened = open_folder_beneath(folder_fd, entry->name);
    auto* const fd = std::get_if<UniqueFd>(&opened);
    if (fd == nullptr) continue;
    if (identify_folder(fd->get()) == wanted) return std::move(*fd);
    if (UniqueFd found = search(fd->get(), wanted)) return found;
  }
  return UniqueFd();
}

/// Whether that name stands for that very file.
bool is_file(int folder_fd, const std::string& name, const FileIdentity& file) {
  const auto found = identify_beneath(folder_fd, name);
  const auto* const identity = std::get_if<FileIdentity>(&found);
  return identity != nullptr && *identity == file;
}

bool is_same_inode(const FileIdentity& one, const FileIdentity& other) {
  return one.device == other.device && one.inode == other.inode;
}

/// Touched, perhaps: that is no reason to buy it anew.
bool is_same_content(const FileIdentity& one, const FileIdentity& other) {
  return is_same_inode(one, other) && one.size == other.size;
}

}  // namespace

FolderIdentity identify_folder(int fd) {
  struct ::stat status {};
  if (::fstat(fd, &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

UniqueFd open_folder_of(int spool_fd, const JobRecord& record) {
  auto opened = open_folder_beneath(spool_fd, record.job.name.folder);
  auto* const fd = std::get_if<UniqueFd>(&opened);
  if (fd == nullptr || identify_folder(fd->get()) != record.folder) return UniqueFd();
  return std::move(*fd);
}

UniqueFd find_folder_of(int spool_fd, const JobRecord& record) {
  if (UniqueFd folder = open_folder_of(spool_fd, record)) return folder;
  auto root = open_folder_beneath(spool_fd, "");
  auto* const fd = std::get_if<UniqueFd>(&root);
  if (fd == nullptr) return UniqueFd();
  if (identify_folder(fd->get()) == record.folder) return std::move(*fd);
  return search(fd->get(), record.folder);
}

bool holds_text(int folder_fd, const std::string& name, const std::string& text) {
  return read_small_beneath(folder_fd, name, text.size()) == text;
}

bool holds_pair(int folder_fd, const std::string& prompt_name, const std::string& image_name,
                const PairIdentity& pair) {
  return is_file(folder_fd, prompt_name, pair.prompt) && is_file(folder_fd, image_name, pair.image);
}

bool holds_file_of(int folder_fd, const JobRecord& record) {
  return is_file(folder_fd, record.intent.prompt_name, record.job.pair.prompt) ||
         is_file(folder_fd, record.intent.image_name, record.job.pair.image);
}

std::string choose_result_name(int folder_fd, const JobRecord& record, const std::string& usual,
                               bool is_start) {
  const auto is_own = [&](const FileIdentity& file, NameKind kind) {
    const FileIdentity& known = kind == NameKind::prompt ? record.job.pair.prompt : record.job.pair.image;
    return is_start ? is_same_inode(file, known) : is_same_content(file, known);
  };
  bool has_prompt = false;
  bool has_image = false;
  for (const auto& name : possible_input_names(record.job.name.stem)) {
    const auto found = identify_beneath(folder_fd, name);
    const auto* const file = std::get_if<FileIdentity>(&found);
    if (file == nullptr) continue;
    const NameKind kind = classify_name(name).kind;
    if (is_own(*file, kind)) return usual;
    (kind == NameKind::prompt ? has_prompt : has_image) = true;
  }
  if (!has_prompt || !has_image) return usual;
  // Of the attempt alone: written again at a start, it is the same.
  return replaced_name(usual, make_time_stamp(record.end.at) + "-" + record.intent.token);
}

bool remove_left_behind(int spool_fd, const JobRecord& before, const JobName& now) {
  if (before.job.name == now) return false;
  const UniqueFd folder = open_folder_of(spool_fd, before);
  if (!folder || is_file(folder.get(), before.prompt_name, before.job.pair.prompt) ||
      is_file(folder.get(), before.image_name, before.job.pair.image))
    return false;
  const ResultText result = build_result(before);
  if (!holds_text(folder.get(), result.file, result.text)) return false;
  return ::unlinkat(folder.get(), result.file.c_str(), 0) == 0;
}

}  // namespace reeld
