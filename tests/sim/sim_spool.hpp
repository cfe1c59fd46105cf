#pragma once
// A spool whose results are lost with a crash unless they were synced, and whose files people move about. Its
// file system gives the inodes of what was removed to what is made next, and stamps files by a coarse clock.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/known_job.hpp"
#include "core/ready_pair.hpp"
#include "sim/sim_clock.hpp"

namespace reeld::sim {

/// What a file holds, as a number: it gives the size, too.
using Content = std::uint64_t;
ContentDigest digest_of(Content content);

struct Contents {
  Content prompt = 0;
  Content image = 0;
  auto operator<=>(const Contents&) const = default;
};

std::string describe(const Contents& contents);

struct SimFile {
  std::uint64_t uid = 0;  // the truth: which file it is; no two ever share one
  int links = 1;          // names that it has
  Content content = 0;
  FileIdentity stamp{};
  std::set<Content> history;  // all that it has held
  std::set<Content> unseen;   // what it has held under this very stamp
};

using FilePtr = std::shared_ptr<SimFile>;  // under each of its names, and where it is held open

enum class ResultKind { job, error, doubt };

struct ResultFile {
  std::string text;
  bool is_synced = false;
};

struct Stem {
  FilePtr prompt;
  FilePtr image;
  std::map<ResultKind, ResultFile> results;

  bool is_pair() const { return prompt && image; }
  Contents contents() const { return {prompt->content, image->content}; }
};

/// What the file system does and does not.
struct FileSystem {
  bool tells_births = true;
  bool keeps_stamps = true;  // if not, inodes are made up anew with each start, and a ctime is a mtime
  std::int64_t tick_ns = 4'000'000;
  bool is_coarse() const { return tick_ns >= 1'000'000'000; }
  bool is_birth_ignored = false;         // a mutation: by inode alone
  bool is_folder_birth_ignored = false;  // likewise
  bool is_stamp_believed = false;        // likewise: whatever the file system
};

class Spool {
 public:
  using Folder = std::uint64_t;  // the truth: which folder it is; no two ever share one
  struct Place {
    Folder folder = 0;
    std::string stem;
    auto operator<=>(const Place&) const = default;
  };

  Spool(Timeline& timeline, Dice& dice) : timeline_(timeline), dice_(dice) {}

  FileSystem& kind() { return kind_; }
  const FileSystem& kind() const { return kind_; }

  Folder make_folder(const std::string& name);
  void rename_folder(Folder folder, const std::string& name) { folders_.at(folder).name = name; }
  /// With all that is in it.
  void remove_folder(Folder folder);
  bool has_folder(Folder folder) const { return folders_.contains(folder); }
  const std::string& name_of(Folder folder) const { return folders_.at(folder).name; }
  FolderIdentity identity_of(Folder folder) const;
  std::optional<Folder> find_folder(const std::string& name) const;
  std::vector<Folder> folders() const;

  /// A content that nothing has held yet; the second with as many bytes as another.
  Content make_content();
  Content make_content_like(Content other);
  FilePtr make_file(Content content);
  /// The same bytes in another file, as an archive or a copying program leaves it.
  FilePtr make_copy(const SimFile& file);
  /// One more name of the same file.
  FilePtr link(const FilePtr& file);
  void touch(SimFile& file);
  /// Only what a rename or a change of mode leaves: the ctime.
  void mark(SimFile& file);
  /// In place, with as many bytes.
  void rewrite(SimFile& file, Content content, bool is_mtime_put_back);
  /// One of its names. With the last one its inode may be the next one's.
  void drop(FilePtr& file);
  /// While that lives the inodes are nobody else's.
  std::shared_ptr<void> hold_open(const Stem& stem);

  /// As the program sees it.
  FileIdentity stamp_of(const SimFile& file) const;
  PairIdentity stamps_of(const Stem& stem) const { return {stamp_of(*stem.prompt), stamp_of(*stem.image)}; }
  bool has_proving_stamps() const { return kind_.keeps_stamps || kind_.is_stamp_believed; }
  bool is_proof(const FileIdentity& stamp, SystemTime looked_at) const {
    return has_proving_stamps() && reeld::is_proof(stamp, looked_at);
  }

  std::map<Place, Stem>& stems() { return stems_; }
  const std::map<Place, Stem>& stems() const { return stems_; }
  Stem* find(const Place& place);
  const Stem* find(const Place& place) const;
  void erase(const Place& place);
  JobName name_of(const Place& place) const { return {name_of(place.folder), place.stem}; }
  std::optional<Place> place_of(const JobName& job) const;

  /// As intake would say it; nullopt unless both files are there and no result is.
  std::optional<ReadyPair> find_ready(const Place& place) const;
  /// What was not synced is gone.
  void crash();

 private:
  struct FolderFacts {
    std::string name;
    FolderIdentity identity;
  };
  struct FreeInode {
    std::uint64_t inode = 0;
    std::int64_t since = 0;  // in ticks
  };

  std::int64_t now_ns() const;
  std::uint64_t take_inode();
  void free_inode(std::uint64_t inode);
  void restamp(SimFile& file, std::int64_t mtime_ns);
  void deal_inodes_anew();

  Timeline& timeline_;
  Dice& dice_;
  FileSystem kind_;
  std::map<Folder, FolderFacts> folders_;
  std::map<Place, Stem> stems_;
  std::vector<FreeInode> free_;
  using OpenInodes = std::multiset<std::uint64_t>;
  std::shared_ptr<OpenInodes> open_ = std::make_shared<OpenInodes>();  // of this life of reeld
  std::uint64_t last_inode_ = 100;
  std::uint64_t last_uid_ = 0;
  Content last_content_ = 0;
};

}  // namespace reeld::sim
