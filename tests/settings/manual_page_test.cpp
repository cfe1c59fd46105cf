// reeld.toml(5) names every key of the installed configuration, with the same value.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace reeld {
namespace {

std::string read_file(const char* path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// `key = value` of a line of the configuration, without "#" before and comments after it; "" where there is
// none.
std::string find_setting(std::string line) {
  if (line.starts_with("#")) line.erase(0, 1);
  const bool is_setting =
      !line.empty() && line[0] >= 'a' && line[0] <= 'z' && line.find(" = ") != std::string::npos;
  if (!is_setting) return "";
  line.erase(std::min(line.find(" #"), line.size()));
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

TEST(ManualPage, NamesEveryKeyWithItsValue) {
  const std::string page = read_file(REELD_MANUAL_PAGE);
  std::istringstream lines(read_file(REELD_INSTALLED_CONFIG));
  std::size_t settings = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string setting = find_setting(line);
    if (setting.empty()) continue;
    ++settings;
    EXPECT_NE(page.find("\n`" + setting + "`\n"), std::string::npos) << setting;
  }
  EXPECT_GE(settings, 61U);
}

}  // namespace
}  // namespace reeld
