#include "intake/arriving_folders.hpp"

#include <algorithm>

namespace reeld {
namespace {

constexpr auto max_age = std::chrono::hours(1);

std::string_view parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace

bool ArrivingFolders::may_be_arriving(FolderTimes folder, std::int64_t now_ns, bool is_amid_mass) {
  const auto is_within = [now_ns](std::int64_t then_ns, std::chrono::nanoseconds time) {
    return std::chrono::abs(std::chrono::nanoseconds(now_ns - then_ns)) < time;
  };
  const bool is_young = folder.born_ns != 0 && is_within(folder.born_ns, max_age);
  return (is_young || is_amid_mass) && is_within(folder.changed_ns, max_silence);
}

void ArrivingFolders::note_folder(const std::string& path, SteadyTime now) {
  if (find(path, now) != 0) return;
  if (arrivals_.size() >= sweep_at_) {
    std::erase_if(arrivals_, [&](const auto& each) { return each.second.last + silence_ < now; });
    sweep_at_ = std::max<std::size_t>(64, 2 * arrivals_.size());
  }
  arrivals_[path] = {++last_number_, now};
}

std::uint64_t ArrivingFolders::find(std::string_view folder, SteadyTime now) {
  if (arrivals_.empty()) return 0;
  for (std::string_view path = folder; !path.empty(); path = parent_of(path)) {
    const auto found = arrivals_.find(path);
    if (found == arrivals_.end() || found->second.last + silence_ < now) continue;
    found->second.last = now;
    return found->second.number;
  }
  return 0;
}

}  // namespace reeld
