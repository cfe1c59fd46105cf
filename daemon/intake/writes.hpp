#pragma once
// Files that somebody is writing, as far as the kernel's events tell: written, and not closed since. Whatever
// they are called: a file may be given an input's name while it is still open. That a second process has one
// open, which has not written yet, no event tells; its first write does.
//
// Pure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "sys/inotify.hpp"

namespace reeld {

class WritesUnderWay {
 public:
  /// An event of a file in that folder.
  void note(const std::string& folder, const WatchEvent& event);
  bool is_open(const std::string& folder, std::string_view name) const;
  /// The folder is gone, with all that lies below it.
  void drop_within(const std::string& path);
  /// Events were lost: a close may have been among them.
  void forget();

  std::size_t size() const { return size_; }
  /// More than can be under way: they are writes that no close follows (truncate(2)).
  bool is_full() const;

 private:
  void add(const std::string& folder, std::string_view name);
  bool remove(const std::string& folder, std::string_view name);

  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> folders_;
  std::size_t size_ = 0;
  std::array<std::uint32_t, 16>
      moving_{};  // the cookies of files that left a name while they were open; a ring
  std::size_t next_ = 0;
};

}  // namespace reeld
