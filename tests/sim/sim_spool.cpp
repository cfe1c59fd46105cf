#include "sim/sim_spool.hpp"

#include <algorithm>

namespace reeld::sim {

FoundPair find_pair(const JobName& name, const PairIdentity& pair) {
  FoundPair out;
  out.name = name;
  out.stamps = pair;
  out.digests = {ContentDigest{1, pair.prompt.inode}, ContentDigest{2, pair.image.inode}};
  out.proof = {true, true};
  return out;
}

Spool::Folder Spool::make_folder(const std::string& name) {
  const Folder folder = ++last_inode_;
  names_[folder] = name;
  return folder;
}

std::optional<Spool::Folder> Spool::find_folder(const std::string& name) const {
  for (const auto& [folder, known] : names_) {
    if (known == name) return folder;
  }
  return std::nullopt;
}

std::vector<Spool::Folder> Spool::folders() const {
  std::vector<Folder> out;
  for (const auto& [folder, name] : names_) out.push_back(folder);
  return out;
}

FileIdentity Spool::make_file() {
  return {1, ++last_inode_, 1000, ++last_mtime_};
}

Stem* Spool::find(const Place& place) {
  const auto it = stems_.find(place);
  return it == stems_.end() ? nullptr : &it->second;
}

std::optional<Spool::Place> Spool::place_of(const JobName& job) const {
  const auto folder = find_folder(job.folder);
  if (!folder) return std::nullopt;
  return Place{*folder, job.stem};
}

std::optional<ReadyPair> Spool::find_ready(const Place& place) {
  const Stem* const stem = find(place);
  if (stem == nullptr || !stem->prompt || !stem->image || !stem->results.empty()) return std::nullopt;
  ReadyPair pair;
  pair.job = name_of(place);
  pair.prompt_name = place.stem + ".txt";
  pair.image_name = place.stem + ".png";
  pair.identity = {*stem->prompt, *stem->image};
  pair.age_ns = std::max(stem->prompt->mtime_ns, stem->image->mtime_ns);
  return pair;
}

void Spool::crash() {
  for (auto& [place, stem] : stems_) {
    std::erase_if(stem.results, [](const auto& result) { return !result.second.is_synced; });
  }
}

}  // namespace reeld::sim
