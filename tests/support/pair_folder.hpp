#pragma once
// A spool in a temporary folder, with pairs in it, for the tests of what reads them.

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "intake/intake.hpp"
#include "support/images.hpp"
#include "sys/safe_open.hpp"

namespace reeld {

class PairFolder : public ::testing::Test {
 protected:
  PairFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-pair-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    fd_ = UniqueFd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  ~PairFolder() override { std::filesystem::remove_all(path_); }

  void write(const std::string& name, const std::string& contents) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << contents;
  }

  FileIdentity identify_name(const std::string& name) {
    const auto found = identify_beneath(fd_.get(), name);
    const auto* const identity = std::get_if<FileIdentity>(&found);
    return identity == nullptr ? FileIdentity{} : *identity;
  }

  /// The pair `stem`.txt and `stem`.png as intake would say it.
  ReadyPair found_pair(const std::string& folder, const std::string& stem) {
    const std::string prefix = folder.empty() ? "" : folder + "/";
    ReadyPair pair;
    pair.job = {folder, stem};
    pair.prompt_name = stem + ".txt";
    pair.image_name = stem + ".png";
    pair.identity = {identify_name(prefix + pair.prompt_name), identify_name(prefix + pair.image_name)};
    return pair;
  }

  ReadyPair make_pair(const std::string& folder, const std::string& stem, const std::string& prompt) {
    const std::string prefix = folder.empty() ? "" : folder + "/";
    write(prefix + stem + ".txt", prompt);
    write(prefix + stem + ".png", test::make_png(640, 480, 5000));
    return found_pair(folder, stem);
  }

  std::filesystem::path path_;
  UniqueFd fd_;
};

}  // namespace reeld
