#include "spool/result_place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "core/known_job.hpp"
#include "core/spool_name.hpp"
#include "spool/result_text.hpp"
#include "sys/content_hash.hpp"
#include "sys/file_status.hpp"
#include "sys/folder_reader.hpp"
#include "sys/read_file.hpp"
#include "sys/safe_open.hpp"
#include "sys/time_stamp.hpp"

namespace reeld {
namespace {

/// Whether that name stands for that very file, and no more than its times are others.
bool is_file(int folder_fd, const std::string& name, const FileIdentity& file) {
  const StatusAnswer found = look_up_status(folder_fd, name);
  return found.code == 0 && is_very_file(file, found.status.identity) &&
         found.status.identity.size == file.size;
}

bool is_untouched(int folder_fd, const std::string& name, const FileIdentity& file) {
  const StatusAnswer found = look_up_status(folder_fd, name);
  return found.code == 0 && found.status.identity == file;
}

/// `known`: without a digest, the very file has to do.
bool has_content(int folder_fd, const std::string& name, const FileIdentity& found, const FileIdentity& known,
                 const std::optional<ContentDigest>& digest, std::uint64_t seed) {
  if (found == known) return true;
  if (found.size != known.size) return false;
  if (!digest) return is_very_file(known, found);
  auto opened = open_file_beneath(folder_fd, name);
  const auto* const file = std::get_if<OpenFile>(&opened);
  return file != nullptr && digest_file(file->fd.get(), known.size, seed) == digest;
}

/// Of one of a pair's two files.
struct Remains {
  bool is_there = false;     // something stands under such a name
  bool has_content = false;  // what was sent, in whatever file
  bool is_left = false;      // the very file that was sent, unchanged
};

/// Where birth times are not told, the inode alone may be a later folder's.
bool is_folder_of(int fd, const JobRecord& record) {
  const FolderIdentity found = identify_folder(fd);
  if (found.device != record.folder.device || found.inode != record.folder.inode) return false;
  return record.folder.born_ns != 0 && found.born_ns == record.folder.born_ns;
}

bool holds_very_pair(int fd, const JobRecord& record) {
  return holds_pair(fd, record.job.prompt_name, record.job.image_name, record.job.pair);
}

/// Depth first, hidden folders left out: they are never part of a spool.
UniqueFd search(int folder_fd, const JobRecord& record) {
  FolderReader reader(folder_fd);
  while (const auto entry = reader.next()) {
    if (entry->kind != EntryKind::folder || entry->name.starts_with('.')) continue;
    auto opened = open_folder_beneath(folder_fd, entry->name);
    auto* const fd = std::get_if<UniqueFd>(&opened);
    if (fd == nullptr) continue;
    if (is_folder_of(fd->get(), record) || holds_very_pair(fd->get(), record)) return std::move(*fd);
    if (UniqueFd found = search(fd->get(), record)) return found;
  }
  return UniqueFd();
}

}  // namespace

UniqueFd open_folder_of(int spool_fd, const JobRecord& record) {
  auto opened = open_folder_beneath(spool_fd, record.job.name.folder);
  auto* const fd = std::get_if<UniqueFd>(&opened);
  if (fd == nullptr) return UniqueFd();
  const FolderIdentity found = identify_folder(fd->get());
  const bool is_same_inode = found.device == record.folder.device && found.inode == record.folder.inode;
  // A ledger of before, or a file system without birth times: inode and path together have to do.
  const bool is_birth_unknown = record.folder.born_ns == 0 || found.born_ns == 0;
  const bool is_it = is_folder_of(fd->get(), record) || (is_same_inode && is_birth_unknown);
  return is_it || holds_very_pair(fd->get(), record) ? std::move(*fd) : UniqueFd();
}

UniqueFd find_folder_of(int spool_fd, const JobRecord& record) {
  if (UniqueFd folder = open_folder_of(spool_fd, record)) return folder;
  auto root = open_folder_beneath(spool_fd, "");
  auto* const fd = std::get_if<UniqueFd>(&root);
  if (fd == nullptr) return UniqueFd();
  if (is_folder_of(fd->get(), record) || holds_very_pair(fd->get(), record)) return std::move(*fd);
  return search(fd->get(), record);
}

bool holds_text(int folder_fd, const std::string& name, const std::string& text) {
  return read_small_beneath(folder_fd, name, text.size()) == text;
}

bool holds_pair(int folder_fd, const std::string& prompt_name, const std::string& image_name,
                const PairIdentity& pair) {
  return is_file(folder_fd, prompt_name, pair.prompt) && is_file(folder_fd, image_name, pair.image);
}

bool holds_pair_untouched(int folder_fd, const JobRecord& record) {
  return is_untouched(folder_fd, record.intent.prompt_name, record.job.pair.prompt) &&
         is_untouched(folder_fd, record.intent.image_name, record.job.pair.image);
}

PairLeft find_left(int folder_fd, const JobRecord& record, std::uint64_t digest_seed, bool is_start) {
  Remains prompt;
  Remains image;
  for (const auto& name : possible_input_names(record.job.name.stem)) {
    const StatusAnswer found = look_up_status(folder_fd, name);
    if (found.code != 0) continue;
    const bool is_prompt = classify_name(name).kind == NameKind::prompt;
    const FileIdentity& known = is_prompt ? record.job.pair.prompt : record.job.pair.image;
    const auto& digest = is_prompt ? record.intent.digests.prompt : record.intent.digests.image;
    Remains& remains = is_prompt ? prompt : image;
    const bool is_very = is_very_file(known, found.status.identity);
    const bool is_same = (is_start && is_very) ||
                         has_content(folder_fd, name, found.status.identity, known, digest, digest_seed);
    remains.is_there = true;
    remains.has_content |= is_same;
    remains.is_left |= is_same && is_very;
  }
  if (prompt.has_content && image.has_content) return PairLeft::whole;
  if (!prompt.is_there || !image.is_there) return PairLeft::gone;
  return prompt.is_left || image.is_left ? PairLeft::half : PairLeft::replaced;
}

std::string aside_name(const JobRecord& record, const std::string& usual) {
  // Of the attempt alone: written again at a start, it is the same.
  return replaced_name(usual, make_time_stamp(record.end.at) + "-" + record.intent.token);
}

bool remove_stale_copy(int spool_fd, const JobRecord& before, const JobName& now) {
  if (before.job.name == now) return false;
  const UniqueFd folder = open_folder_of(spool_fd, before);
  if (!folder || is_file(folder.get(), before.job.prompt_name, before.job.pair.prompt) ||
      is_file(folder.get(), before.job.image_name, before.job.pair.image))
    return false;
  const ResultText result = build_result(before);
  for (const std::string& name : {result.file, aside_name(before, result.file)}) {
    if (holds_text(folder.get(), name, result.text)) return ::unlinkat(folder.get(), name.c_str(), 0) == 0;
  }
  return false;
}

}  // namespace reeld
