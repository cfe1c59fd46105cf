#include "sim/sim_spool.hpp"

#include <algorithm>

namespace reeld::sim {
namespace {

constexpr std::uint64_t sizes = 3;
constexpr std::int64_t second = 1'000'000'000;

std::uint64_t size_of(Content content) {
  return 1000 + content % sizes;
}

}  // namespace

ContentDigest digest_of(Content content) {
  return {7, content};
}

std::string describe(const Contents& contents) {
  return std::to_string(contents.prompt) + "+" + std::to_string(contents.image);
}

std::int64_t Spool::now_ns() const {
  const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(timeline_.date().time_since_epoch());
  return now.count() / kind_.tick_ns * kind_.tick_ns;
}

/// Not within the tick in which it was freed: no file system is asked for that.
std::uint64_t Spool::take_inode() {
  const std::int64_t now = now_ns();
  const auto it = std::find_if(free_.rbegin(), free_.rend(), [&](const FreeInode& one) {
    return one.since < now && !open_->contains(one.inode);
  });
  if (it == free_.rend() || dice_.chance(25)) return ++last_inode_;
  const std::uint64_t inode = it->inode;
  free_.erase(std::next(it).base());
  return inode;
}

void Spool::free_inode(std::uint64_t inode) {
  free_.push_back({inode, now_ns()});
}

Spool::Folder Spool::make_folder(const std::string& name) {
  const Folder folder = ++last_uid_;
  folders_[folder] = {name, {1, take_inode(), kind_.tells_births ? now_ns() : 0}};
  return folder;
}

void Spool::remove_folder(Folder folder) {
  std::vector<Place> places;
  for (const auto& [place, stem] : stems_) {
    if (place.folder == folder) places.push_back(place);
  }
  for (const Place& place : places) erase(place);
  free_inode(folders_.at(folder).identity.inode);
  folders_.erase(folder);
}

FolderIdentity Spool::identity_of(Folder folder) const {
  FolderIdentity out = folders_.at(folder).identity;
  if (kind_.is_folder_birth_ignored) out.born_ns = 1;
  return out;
}

std::optional<Spool::Folder> Spool::find_folder(const std::string& name) const {
  for (const auto& [folder, facts] : folders_) {
    if (facts.name == name) return folder;
  }
  return std::nullopt;
}

std::vector<Spool::Folder> Spool::folders() const {
  std::vector<Folder> out;
  for (const auto& [folder, facts] : folders_) out.push_back(folder);
  return out;
}

Content Spool::make_content() {
  last_content_ += 1 + dice_.roll(sizes);
  return last_content_;
}

Content Spool::make_content_like(Content other) {
  last_content_ += sizes;
  while (size_of(last_content_) != size_of(other)) ++last_content_;
  return last_content_;
}

FilePtr Spool::make_file(Content content) {
  const auto file = std::make_shared<SimFile>();
  const std::int64_t now = now_ns();
  file->uid = ++last_uid_;
  file->content = content;
  file->history = file->unseen = {content};
  file->stamp = {1, take_inode(), size_of(content), now, kind_.tells_births ? now : 0, now};
  return file;
}

FilePtr Spool::make_copy(const SimFile& file) {
  FilePtr out = make_file(file.content);
  if (dice_.chance(60)) out->stamp.mtime_ns = file.stamp.mtime_ns / second * second;
  if (!kind_.keeps_stamps) out->stamp.ctime_ns = out->stamp.mtime_ns;
  return out;
}

FilePtr Spool::link(const FilePtr& file) {
  ++file->links;
  mark(*file);
  return file;
}

void Spool::restamp(SimFile& file, std::int64_t mtime_ns) {
  const FileIdentity before = file.stamp;
  file.stamp.mtime_ns = mtime_ns;
  file.stamp.ctime_ns = kind_.keeps_stamps ? now_ns() : mtime_ns;
  if (file.stamp != before) file.unseen = {file.content};
}

void Spool::touch(SimFile& file) {
  restamp(file, now_ns());
}

void Spool::mark(SimFile& file) {
  restamp(file, file.stamp.mtime_ns);
}

void Spool::rewrite(SimFile& file, Content content, bool is_mtime_put_back) {
  file.content = content;
  file.history.insert(content);
  restamp(file, is_mtime_put_back ? file.stamp.mtime_ns : now_ns());
  file.unseen.insert(content);
}

void Spool::drop(FilePtr& file) {
  if (!file) return;
  if (--file->links == 0) {
    free_inode(file->stamp.inode);
  } else {
    mark(*file);
  }
  file.reset();
}

std::shared_ptr<void> Spool::hold_open(const Stem& stem) {
  const std::vector<std::uint64_t> inodes{stem.prompt->stamp.inode, stem.image->stamp.inode};
  for (const std::uint64_t inode : inodes) open_->insert(inode);
  return {nullptr, [inodes, open = std::weak_ptr<OpenInodes>(open_)](void*) {
            const auto all = open.lock();
            if (!all) return;
            for (const std::uint64_t inode : inodes) all->extract(inode);
          }};
}

FileIdentity Spool::stamp_of(const SimFile& file) const {
  FileIdentity out = file.stamp;
  if (kind_.is_birth_ignored) out.born_ns = 1;
  return out;
}

Stem* Spool::find(const Place& place) {
  const auto it = stems_.find(place);
  return it == stems_.end() ? nullptr : &it->second;
}

const Stem* Spool::find(const Place& place) const {
  const auto it = stems_.find(place);
  return it == stems_.end() ? nullptr : &it->second;
}

void Spool::erase(const Place& place) {
  Stem& stem = stems_.at(place);
  drop(stem.prompt);
  drop(stem.image);
  stems_.erase(place);
}

std::optional<Spool::Place> Spool::place_of(const JobName& job) const {
  const auto folder = find_folder(job.folder);
  if (!folder) return std::nullopt;
  return Place{*folder, job.stem};
}

std::optional<ReadyPair> Spool::find_ready(const Place& place) const {
  const Stem* const stem = find(place);
  if (stem == nullptr || !stem->is_pair() || !stem->results.empty()) return std::nullopt;
  ReadyPair pair;
  pair.job = name_of(place);
  pair.prompt_name = place.stem + ".txt";
  pair.image_name = place.stem + ".png";
  pair.identity = stamps_of(*stem);
  pair.keeps_stamps = has_proving_stamps();
  pair.age_ns = std::max(stem->prompt->stamp.mtime_ns, stem->image->stamp.mtime_ns);
  return pair;
}

/// Each file gets that of another.
void Spool::deal_inodes_anew() {
  std::set<FilePtr> files;
  for (const auto& [place, stem] : stems_) {
    for (const FilePtr& file : {stem.prompt, stem.image}) {
      if (file) files.insert(file);
    }
  }
  std::vector<FilePtr> in_turn(files.begin(), files.end());
  std::sort(in_turn.begin(), in_turn.end(), [](const auto& a, const auto& b) { return a->uid < b->uid; });
  for (std::size_t left = in_turn.size(); left > 1; --left) {
    std::swap(in_turn[left - 1]->stamp.inode, in_turn[dice_.roll(left)]->stamp.inode);
  }
  for (const FilePtr& file : in_turn) file->unseen = {file->content};
}

void Spool::crash() {
  open_ = std::make_shared<OpenInodes>();
  if (!kind_.keeps_stamps) deal_inodes_anew();
  for (auto& [place, stem] : stems_) {
    std::erase_if(stem.results, [](const auto& result) { return !result.second.is_synced; });
  }
}

}  // namespace reeld::sim
