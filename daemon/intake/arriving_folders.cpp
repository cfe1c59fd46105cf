#include "intake/arriving_folders.hpp"

#include <algorithm>

namespace reeld {
namespace {

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

}  // namespace

void ArrivingFolders::note_folder(const std::string& path, SteadyTime now) {
  if (find(path, now) != 0) return;
  if (arrivals_.size() >= sweep_at_) {
    std::erase_if(arrivals_, [&](const auto& each) { return each.second.last + silence_ < now; });
    sweep_at_ = std::max<std::size_t>(64, 2 * arrivals_.size());
  }
  arrivals_[path] = {++last_number_, now};
}

std::uint64_t ArrivingFolders::find(const std::string& folder, SteadyTime now) {
  if (arrivals_.empty()) return 0;
  for (std::string path = folder; !path.empty(); path = parent_of(path)) {
    const auto found = arrivals_.find(path);
    if (found == arrivals_.end() || found->second.last + silence_ < now) continue;
    found->second.last = now;
    return found->second.number;
  }
  return 0;
}

}  // namespace reeld
