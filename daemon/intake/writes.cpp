#include "intake/writes.hpp"

#include <algorithm>

#include "core/spool_name.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_files = 65'536;

}  // namespace

void WritesUnderWay::note(const std::string& folder, const WatchEvent& event) {
  if (event.has(WatchFlag::modified)) {
    add(folder, event.name);
  } else if (event.has(WatchFlag::moved_in)) {
    remove(folder, event.name);  // what had that name is gone
    const auto moved = std::ranges::find(moving_, event.cookie);
    if (event.cookie == 0 || moved == moving_.end()) return;
    *moved = 0;
    add(folder, event.name);
  } else if (event.has(WatchFlag::moved_out)) {
    if (remove(folder, event.name)) moving_[next_++ % moving_.size()] = event.cookie;
  } else if (event.has(WatchFlag::closed_after_write) || event.has(WatchFlag::deleted)) {
    remove(folder, event.name);
  }
}

void WritesUnderWay::add(const std::string& folder, std::string_view name) {
  auto& names = folders_[folder];
  if (names.contains(name)) return;
  names.emplace(name);
  ++size_;
}

bool WritesUnderWay::remove(const std::string& folder, std::string_view name) {
  const auto found = folders_.find(folder);
  if (found == folders_.end()) return false;
  const auto known = found->second.find(name);
  if (known == found->second.end()) return false;
  found->second.erase(known);
  --size_;
  if (found->second.empty()) folders_.erase(found);
  return true;
}

bool WritesUnderWay::is_open(const std::string& folder, std::string_view name) const {
  const auto found = folders_.find(folder);
  return found != folders_.end() && found->second.contains(name);
}

void WritesUnderWay::drop_within(const std::string& path) {
  std::erase_if(folders_, [&](const auto& entry) {
    if (!is_within(entry.first, path)) return false;
    size_ -= entry.second.size();
    return true;
  });
}

void WritesUnderWay::forget() {
  folders_.clear();
  moving_.fill(0);
  size_ = 0;
}

bool WritesUnderWay::is_full() const {
  return size_ >= max_files;
}

}  // namespace reeld
