#pragma once
// A spool whose results are lost with a crash unless they were synced, and whose files people move about.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/known_job.hpp"
#include "core/ready_pair.hpp"

namespace reeld::sim {

enum class ResultKind { job, error, doubt };

struct ResultFile {
  std::string text;
  bool is_synced = false;
};

struct Stem {
  std::optional<FileIdentity> prompt;
  std::optional<FileIdentity> image;
  std::map<ResultKind, ResultFile> results;
};

/// A file's content is its inode's: no two files have the same.
FoundPair find_pair(const JobName& name, const PairIdentity& pair);

class Spool {
 public:
  using Folder = std::uint64_t;  // an inode
  struct Place {
    Folder folder = 0;
    std::string stem;
    auto operator<=>(const Place&) const = default;
  };

  Folder make_folder(const std::string& name);
  void rename_folder(Folder folder, const std::string& name) { names_[folder] = name; }
  const std::string& name_of(Folder folder) const { return names_.at(folder); }
  std::optional<Folder> find_folder(const std::string& name) const;
  std::vector<Folder> folders() const;

  FileIdentity make_file();
  std::map<Place, Stem>& stems() { return stems_; }
  const std::map<Place, Stem>& stems() const { return stems_; }
  Stem* find(const Place& place);
  JobName name_of(const Place& place) const { return {names_.at(place.folder), place.stem}; }
  std::optional<Place> place_of(const JobName& job) const;

  /// As intake would say it; nullopt unless both files are there and no result is.
  std::optional<ReadyPair> find_ready(const Place& place);
  /// What was not synced is gone.
  void crash();

 private:
  std::map<Folder, std::string> names_;
  std::map<Place, Stem> stems_;
  std::uint64_t last_inode_ = 100;
  std::int64_t last_mtime_ = 0;
};

}  // namespace reeld::sim
