#include "commands/config_file.hpp"

#include <gtest/gtest.h>

#include "commands/command_failure.hpp"
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

TEST(ChooseConfigFile, TheOneAskedForElseTheDefaultWhereThereIsOne) {
  const TempFolder folder;
  const std::string standard = folder / "reeld.toml";
  CommonOptions options;
  EXPECT_EQ(choose_config_file(options, standard), "");
  folder.write("reeld.toml", "");
  EXPECT_EQ(choose_config_file(options, standard), standard);
  options.config = "other.toml";
  options.config_given = true;
  EXPECT_EQ(choose_config_file(options, standard), "other.toml");
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
