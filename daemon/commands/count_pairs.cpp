#include "commands/count_pairs.hpp"

#include "commands/stem_listing.hpp"
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
    case StemState::unnameable:
      ++counts.unnameable;
      return;
    case StemState::nothing:
      return;
  }
}

void look_into(int spool_fd, const std::string& folder, bool is_recursive, PairCounts& counts) {
  auto opened = open_folder_beneath(spool_fd, folder);
  auto* const fd = std::get_if<UniqueFd>(&opened);
  const auto listed = fd != nullptr ? list_stems(fd->get(), folder) : SysError{};
  if (fd != nullptr) fd->reset();  // not one for each level of a deep tree
  const auto* const listing = std::get_if<FolderListing>(&listed);
  if (listing == nullptr) {
    ++counts.unreadable_folders;
    return;
  }
  for (const auto& [stem, files] : listing->stems) count(judge(stem, files), counts);
  if (!is_recursive) return;
  for (const std::string& name : listing->folders) look_into(spool_fd, join_path(folder, name), true, counts);
}

}  // namespace

PairCounts count_pairs(int spool_fd, bool is_recursive) {
  PairCounts counts;
  look_into(spool_fd, "", is_recursive, counts);
  return counts;
}

}  // namespace reeld
