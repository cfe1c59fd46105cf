#include "commands/status/count_pairs.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <functional>
#include <optional>

#include "core/spool_name.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

void count(StemState state, PairCounts& counts) {
  switch (state) {
    case StemState::candidate:
      ++counts.waiting;
      return;
    case StemState::finished:
      ++counts.finished;
      return;
    case StemState::half:
      ++counts.half;
      return;
    case StemState::ambiguous:
      ++counts.ambiguous;
      return;
    case StemState::conflict:
      ++counts.conflict;
      return;
    case StemState::unnameable:
      ++counts.unnameable;
      return;
    case StemState::nothing:
      return;
  }
}

using Visit = std::function<void(int folder_fd, const std::string& folder, const FolderListing& listing)>;

/// Calls `visit` for each folder that can be read, and returns how many cannot.
std::size_t visit_folders(int spool_fd, const std::string& folder, bool is_recursive,
                          const IgnoredFolders& ignored, const Visit& visit) {
  auto opened = open_folder_beneath(spool_fd, folder);
  auto* const fd = std::get_if<UniqueFd>(&opened);
  if (fd == nullptr) return 1;
  const auto listed = list_stems(fd->get(), folder, ignored);
  const auto* const listing = std::get_if<FolderListing>(&listed);
  if (listing == nullptr) return 1;
  visit(fd->get(), folder, *listing);
  fd->reset();  // not one for each level of a deep tree
  std::size_t unreadable = 0;
  if (!is_recursive) return unreadable;
  for (const std::string& name : listing->folders)
    unreadable += visit_folders(spool_fd, join_path(folder, name), true, ignored, visit);
  return unreadable;
}

std::optional<WaitReason> reason_of(StemState state, WaitReason of_pairs) {
  switch (state) {
    case StemState::candidate:
      return of_pairs;
    case StemState::half:
      return WaitReason::half;
    case StemState::ambiguous:
      return WaitReason::ambiguous;
    case StemState::conflict:
      return WaitReason::conflict;
    case StemState::unnameable:
      return WaitReason::unnameable;
    default:
      return std::nullopt;
  }
}

/// When the latest of the stem's inputs came to be as it is.
SystemTime find_arrival(int folder_fd, const StemFiles& files) {
  SystemTime latest{};
  for (const auto* const names : {&files.prompts, &files.images}) {
    for (const std::string& name : *names) {
      struct ::stat status {};
      if (::fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
      latest = std::max(latest, std::chrono::system_clock::from_time_t(status.st_ctim.tv_sec));
    }
  }
  return latest;
}

}  // namespace

PairCounts count_pairs(int spool_fd, bool is_recursive, const IgnoredFolders& ignored) {
  PairCounts counts;
  counts.unreadable_folders = visit_folders(spool_fd, "", is_recursive, ignored,
                                            [&](int, const std::string&, const FolderListing& listing) {
                                              for (const auto& [stem, files] : listing.stems)
                                                count(judge(stem, files), counts);
                                            });
  return counts;
}

void list_pairs(int spool_fd, bool is_recursive, const KnownPairs& known, WaitReason reason, SystemTime now,
                const IgnoredFolders& ignored, const TellPair& tell) {
  const Visit visit = [&](int folder_fd, const std::string& folder, const FolderListing& listing) {
    for (const auto& [stem, files] : listing.stems) {
      const StemState state = judge(stem, files);
      const auto why = reason_of(state, reason);
      if (!why) continue;
      if (state == StemState::candidate && known.find({folder, stem}, folder_fd, files)) continue;
      const SystemTime since = find_arrival(folder_fd, files);
      tell({folder, stem}, why, std::chrono::duration_cast<milliseconds>(now - since));
    }
  };
  visit_folders(spool_fd, "", is_recursive, ignored, visit);
}

WaitTable tally_pairs(int spool_fd, bool is_recursive, const KnownPairs& known, WaitReason reason,
                      SystemTime now, const IgnoredFolders& ignored) {
  WaitTable table;
  list_pairs(spool_fd, is_recursive, known, reason, now, ignored, add_to(table));
  return table;
}

}  // namespace reeld
