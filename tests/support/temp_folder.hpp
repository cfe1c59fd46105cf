#pragma once
// A folder of a test's own, removed with all that is in it.

#include <fcntl.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "sys/unique_fd.hpp"

namespace reeld {

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::filesystem::filesystem_error("mkdtemp", std::error_code());
    path_ = pattern;
    fd_ = UniqueFd(::open(pattern.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string path() const { return path_.string(); }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  int fd() const { return fd_.get(); }

  void write(std::string_view name, std::string_view contents) const {
    std::ofstream(path_ / name, std::ios::binary) << contents;
  }
  std::string read(std::string_view name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool holds(std::string_view name) const {
    return std::filesystem::symlink_status(path_ / name).type() != none;
  }
  void make_folder(std::string_view name) const { std::filesystem::create_directories(path_ / name); }
  void rename(std::string_view from, std::string_view to) const {
    std::filesystem::rename(path_ / from, path_ / to);
  }
  void remove(std::string_view name) const { std::filesystem::remove_all(path_ / name); }

 private:
  static constexpr auto none = std::filesystem::file_type::not_found;

  std::filesystem::path path_;
  UniqueFd fd_;
};

}  // namespace reeld
