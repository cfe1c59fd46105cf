#include "commands/job/stem_listing.hpp"

#include <algorithm>

#include "core/spool_name.hpp"
#include "sys/folder_reader.hpp"

namespace reeld {
namespace {

void take_file(FolderListing& listing, std::string_view name) {
  const SpoolName classified = classify_name(name);
  if (!is_input(classified.kind) && !is_result(classified.kind)) return;
  StemFiles& files = listing.stems[std::string(classified.stem)];
  if (classified.kind == NameKind::prompt) {
    files.prompts.emplace_back(name);
  } else if (classified.kind == NameKind::image) {
    files.images.emplace_back(name);
  } else {
    files.results.emplace_back(name);
  }
}

void sort_all(FolderListing& listing) {
  std::ranges::sort(listing.folders);
  for (auto& [stem, files] : listing.stems) {
    std::ranges::sort(files.prompts);
    std::ranges::sort(files.images);
    std::ranges::sort(files.results);
  }
}

}  // namespace

std::variant<FolderListing, SysError> list_stems(int folder_fd, const std::string& path,
                                                 const IgnoredFolders& ignored) {
  FolderListing listing;
  FolderReader reader(folder_fd);
  while (const auto entry = reader.next()) {
    if (is_hidden_name(entry->name)) continue;
    if (entry->kind == EntryKind::folder) {
      if (!ignored.contains(entry->name)) listing.folders.emplace_back(entry->name);
    } else {
      take_file(listing, entry->name);
    }
  }
  if (reader.error() != 0) return make_sys_error("read the folder", path, reader.error());
  sort_all(listing);
  return listing;
}

StemState judge(const std::string& stem, const StemFiles& files) {
  return judge_stem({files.prompts.size(), files.images.size(), !files.results.empty(), is_nameable(stem),
                     is_conflict_copy(stem)});
}

}  // namespace reeld
