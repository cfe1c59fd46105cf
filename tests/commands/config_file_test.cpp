#include "commands/config_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "commands/command_failure.hpp"
#include "commands/fake_environment.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

std::string complaint_of(const std::string& file, const SettingsOverrides& overrides = {}) {
  try {
    load_config_file(file, overrides);
  } catch (const CommandFailure& failure) {
    return failure.what();
  }
  return "(no complaint)";
}

/// What there is, in the order in which it counts.
class ChooseConfigFile : public ::testing::Test {
 protected:
  ConfigChoice choose() const {
    return choose_config_file(options_, make_environment(variables_), standard_);
  }

  TempFolder folder_;
  const std::string standard_ = folder_ / "reeld.toml";
  std::map<std::string, std::string> variables_;
  CommonOptions options_;
};

TEST_F(ChooseConfigFile, TheDefaultIsReadWhereThereIsOne) {
  EXPECT_EQ(choose().file, "");
  folder_.write("reeld.toml", "");
  EXPECT_EQ(choose().file, standard_);
  EXPECT_FALSE(choose().is_asked);
}

TEST_F(ChooseConfigFile, AUsersOwnComesBeforeItButForRoot) {
  folder_.write("reeld.toml", "");
  folder_.make_folder("home/.config/reeld");
  folder_.write("home/.config/reeld/reeld.toml", "");
  variables_["HOME"] = folder_ / "home";
  const bool is_root = ::geteuid() == 0;
  EXPECT_EQ(choose().file, is_root ? standard_ : (folder_ / "home/.config/reeld/reeld.toml").string());
  folder_.make_folder("xdg/reeld");
  folder_.write("xdg/reeld/reeld.toml", "");
  variables_["XDG_CONFIG_HOME"] = folder_ / "xdg";
  EXPECT_EQ(choose().file, is_root ? standard_ : (folder_ / "xdg/reeld/reeld.toml").string());
}

TEST_F(ChooseConfigFile, ALinkThatLeadsNowhereIsNotPassedOver) {
  folder_.write("reeld.toml", "");
  folder_.make_folder("home/.config/reeld");
  const std::string own = folder_ / "home/.config/reeld/reeld.toml";
  ASSERT_EQ(::symlink("/nowhere/reeld.toml", own.c_str()), 0);
  variables_["HOME"] = folder_ / "home";
  EXPECT_EQ(choose().file, ::geteuid() == 0 ? standard_ : own);
}

TEST_F(ChooseConfigFile, WhatIsAskedForCounts) {
  folder_.write("reeld.toml", "");
  variables_["REELD_CONFIG"] = "";
  EXPECT_EQ(choose().file, standard_);
  variables_["REELD_CONFIG"] = "variable.toml";
  EXPECT_EQ(choose().file, "variable.toml") << "though it is not there: that has to be said";
  EXPECT_TRUE(choose().is_asked);
  options_.config = "other.toml";
  options_.config_given = true;
  EXPECT_EQ(choose().file, "other.toml");
}

TEST(LoadConfigFile, ReadsTheFile) {
  const TempFolder folder;
  folder.write("reeld.toml", "[api]\nurl = \"https://a.example\"\n[spool]\npath = \"/srv/in/\"\n");
  const Settings loaded = load_config_file(folder / "reeld.toml", {});
  EXPECT_EQ(loaded.api.url.host, "a.example");
  EXPECT_EQ(loaded.spool.path, "/srv/in");
}

TEST(LoadConfigFile, OneThatIsNotThereIsAnError) {
  const TempFolder folder;
  EXPECT_EQ(
      complaint_of(folder / "reeld.toml"),
      "open " + folder.path() +
          "/reeld.toml: No such file or directory; the configuration must be a file that reeld can read");
}

TEST(LoadConfigFile, ComplaintsNameTheFileAsItWasGiven) {
  const TempFolder folder;
  folder.write("reeld.toml", "[api]\nurl = \"https://a.example\"\n[spool]\nsetle = \"1s\"\n");
  EXPECT_EQ(complaint_of(folder / "reeld.toml"),
            folder.path() + "/reeld.toml:4: spool.setle: unknown key; did you mean \"settle\"?");
}

TEST(LoadConfigFile, WithoutAFileTheCommandLineDoes) {
  const Settings loaded = load_config_file("", {"in/../spool/", "https://a.example"});
  EXPECT_EQ(loaded.spool.path, (std::filesystem::current_path() / "spool").string());
  EXPECT_EQ(complaint_of(""),
            "no API URL: give --url URL, or name a configuration file with --config FILE, or write "
            "/etc/reeld/reeld.toml");
}

}  // namespace
}  // namespace reeld
