// [follow], [page] and [hooks]: what may stand there, served or not.

#include <gtest/gtest.h>

#include "settings/load.hpp"

namespace reeld {
namespace {

std::variant<Settings, SettingsComplaint> load_unserved(const std::string& text) {
  return load_settings("[api]\nurl = \"https://a.example\"\n" + text, "f.toml");
}

std::string complaint_of_unserved(const std::string& text) {
  const auto loaded = load_unserved(text);
  const auto* const complaint = std::get_if<SettingsComplaint>(&loaded);
  return complaint == nullptr ? "(no complaint)" : complaint->message;
}

TEST(LoadUnserved, EveryKeyIsRead) {
  const auto loaded = load_unserved(
      "[follow]\nmax_video = \"8GiB\"\nkeep_free = \"0B\"\nallow = [\"cdn.internal:8080\", "
      "\"[fd00::1]:80\"]\n"
      "key_files = [\"/etc/reeld/old\"]\n[page]\nlisten = \"127.0.0.1:9466\"\ntoken_file = \"/t\"\nhosts = "
      "[\"nas.local\"]\n[hooks]\non = [\"accepted\", \"drained\"]\nexec = [\"/bin/tell\", \"-q\"]\n");
  ASSERT_TRUE(std::holds_alternative<Settings>(loaded)) << std::get<SettingsComplaint>(loaded).message;
  const auto& settings = std::get<Settings>(loaded);
  EXPECT_EQ(settings.follow.max_video, mebibytes(8192));
  EXPECT_EQ(settings.follow.keep_free, Bytes{0});
  EXPECT_EQ(settings.follow.allow, (std::vector<std::string>{"cdn.internal:8080", "[fd00::1]:80"}));
  EXPECT_EQ(settings.follow.key_files, std::vector<std::string>{"/etc/reeld/old"});
  EXPECT_EQ(settings.page.listen, "127.0.0.1:9466");
  EXPECT_EQ(settings.page.token_file, "/t");
  EXPECT_EQ(settings.page.hosts, std::vector<std::string>{"nas.local"});
  EXPECT_EQ(settings.hooks.on, (std::vector<std::string>{"accepted", "drained"}));
  EXPECT_EQ(settings.hooks.exec, (std::vector<std::string>{"/bin/tell", "-q"}));
}

TEST(LoadUnserved, WrongValuesAreErrors) {
  for (const char* entry : {"cdn.internal", "cdn:0", "fd00::1:80", "[cdn]:80", "http://cdn:80"}) {
    EXPECT_EQ(complaint_of_unserved("[follow]\nallow = [\"" + std::string(entry) + "\"]\n"),
              "f.toml:4: follow.allow: must hold hosts with their ports, such as [\"cdn.internal:8080\"]")
        << entry;
  }
  EXPECT_EQ(complaint_of_unserved("[follow]\nkey_files = [\"old\"]\n"),
            "f.toml:4: follow.key_files: must hold absolute paths, each of which begins with \"/\"");
  EXPECT_EQ(complaint_of_unserved("[follow]\nmax_video = \"1B\"\n")
                .find("f.toml:4: follow.max_video: must be 1MiB to"),
            0U);
  EXPECT_EQ(
      complaint_of_unserved("[page]\nhosts = [\"nas.local:80\"]\n"),
      "f.toml:4: page.hosts: must hold names of hosts, such as [\"nas.local\"], without scheme or port");
  EXPECT_EQ(complaint_of_unserved("[page]\nlisten = \"x\"\n").find("f.toml:4: page.listen: "), 0U);
  EXPECT_EQ(
      complaint_of_unserved("[hooks]\non = [\"done\"]\n"),
      "f.toml:4: hooks.on: must hold only \"accepted\", \"completed\", \"refused\", \"failed\", \"doubt\", "
      "\"paused\" and \"drained\"");
  EXPECT_EQ(complaint_of_unserved("[hooks]\nexec = [\"tell\"]\n"),
            "f.toml:4: hooks.exec: must begin with the absolute path of a program, such as "
            "[\"/usr/local/bin/tell\", "
            "\"--quiet\"]");
}

TEST(LoadUnserved, UnknownKeysAreErrors) {
  EXPECT_EQ(complaint_of_unserved("[page]\nlistem = \"\"\n"),
            "f.toml:4: page.listem: unknown key; did you mean \"listen\"?");
  EXPECT_EQ(complaint_of_unserved("[hooks]\nexe = []\n"),
            "f.toml:4: hooks.exe: unknown key; did you mean \"exec\"?");
  EXPECT_EQ(complaint_of_unserved("[follow]\nkeyfiles = []\n"),
            "f.toml:4: follow.keyfiles: unknown key; did you mean \"key_files\"?");
}

}  // namespace
}  // namespace reeld
