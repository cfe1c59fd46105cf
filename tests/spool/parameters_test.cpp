#include "spool/parameters.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fd_limit.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ParametersTest : public testing::Test {
 protected:
  Parameters resolve(const std::string& folder, const JobFields& front_matter = {}) {
    return resolve_parameters(spool.fd(), base, folder, front_matter, image_field);
  }

  JobFields fields_of(const std::string& folder, const JobFields& front_matter = {}) {
    auto resolved = resolve(folder, front_matter);
    if (const auto* fields = std::get_if<JobFields>(&resolved)) return *fields;
    ADD_FAILURE() << tell(resolved);
    return {};
  }

  std::string complaint_of(const std::string& folder) { return tell(resolve(folder)); }

  static std::string tell(const Parameters& resolved) {
    if (std::holds_alternative<JobFields>(resolved)) return "(no complaint)";
    if (const auto* const error = std::get_if<SysError>(&resolved)) return error->message;
    if (const auto* const unreadable = std::get_if<UnreadableSettings>(&resolved)) return unreadable->reason;
    return std::get<std::string>(resolved);
  }

  TempFolder spool;
  std::string image_field = "input_reference";
  JobFields base{{"model", "base"}, {"seconds", "10"}, {"size", "16x9"}};
};

TEST_F(ParametersTest, FoldersWithoutAFileAddNothing) {
  spool.make_folder("a/b");
  EXPECT_EQ(fields_of(""), base);
  EXPECT_EQ(fields_of("a/b"), base);
}

TEST_F(ParametersTest, TheNearestFolderWinsAndFrontMatterOverAll) {
  spool.make_folder("a/b/c");
  spool.write("reeld.toml", "model = \"spool\"\nseconds = 1\nfrom_spool = true\n");
  spool.write("a/reeld.toml", "model = \"a\"\nseconds = 2\n");
  spool.write("a/b/c/reeld.toml", "model = \"c\"\n");
  const JobFields in_spool{{"model", "spool"}, {"seconds", "1"}, {"size", "16x9"}, {"from_spool", "true"}};
  const JobFields in_c{{"model", "c"}, {"seconds", "2"}, {"size", "1x1"}, {"from_spool", "true"}};
  EXPECT_EQ(fields_of(""), in_spool);
  EXPECT_EQ(fields_of("a/b/c", {{"size", "1x1"}}), in_c);
}

TEST_F(ParametersTest, AnEmptyTextUnsets) {
  spool.write("reeld.toml", "size = \"\"\n");
  const JobFields fields = fields_of("");
  ASSERT_NE(find_field(fields, "size"), nullptr);
  EXPECT_EQ(*find_field(fields, "size"), "");
}

TEST_F(ParametersTest, AMistakeNamesFileLineAndKey) {
  spool.make_folder("projectA/scenes");
  spool.write("projectA/reeld.toml", "model = \"x\"\n\nsize = [1, 2]\n");
  EXPECT_THAT(complaint_of("projectA"), StartsWith("projectA/reeld.toml:3: size: "));
  EXPECT_THAT(complaint_of("projectA/scenes"), StartsWith("projectA/reeld.toml:3: size: "));
  EXPECT_EQ(complaint_of(""), "(no complaint)");
  spool.write("projectA/reeld.toml", "model = \n");
  EXPECT_THAT(complaint_of("projectA"), StartsWith("projectA/reeld.toml:1: "));
}

TEST_F(ParametersTest, AFileThatIsTooBigIsRefused) {
  spool.write("reeld.toml", std::string(16 * 1024, '\n'));
  EXPECT_EQ(complaint_of(""), "(no complaint)");
  spool.write("reeld.toml", std::string(16 * 1024 + 1, '\n'));
  EXPECT_EQ(complaint_of(""), "reeld.toml: these are more than 16 KiB of parameters; remove some");
}

TEST_F(ParametersTest, WhatIsNoTomlNamesItsFolderAndItsContent) {
  spool.make_folder("a/b");
  const auto find = [&](const std::string& folder) {
    const Parameters resolved = resolve(folder);
    const auto* const unreadable = std::get_if<UnreadableSettings>(&resolved);
    EXPECT_NE(unreadable, nullptr) << tell(resolved);
    return unreadable == nullptr ? UnreadableSettings{} : *unreadable;
  };
  spool.write("a/reeld.toml", "model = \"half");
  const UnreadableSettings first = find("a/b");
  EXPECT_EQ(first.folder, "a");
  EXPECT_THAT(first.reason, StartsWith("a/reeld.toml:1: "));
  EXPECT_EQ(find("a").content, first.content);
  spool.write("a/reeld.toml", "model = \"half of");
  EXPECT_NE(find("a").content, first.content);
  spool.write("reeld.toml", std::string(20'000, '\n'));
  EXPECT_EQ(find("a/b").folder, "");  // the spool's comes first
  spool.write("reeld.toml", "");
  spool.write("a/reeld.toml", "size = [1]\n");
  EXPECT_TRUE(std::holds_alternative<std::string>(resolve("a")));
}

TEST_F(ParametersTest, WhatIsBeingWrittenIsNotRead) {
  spool.write("reeld.toml", "model = \"x\"\n");
  UniqueFd writer(::open((spool.path() + "/reeld.toml").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  const Parameters resolved = resolve("");
  ASSERT_TRUE(std::holds_alternative<UnreadableSettings>(resolved)) << tell(resolved);
  EXPECT_THAT(tell(resolved), HasSubstr("is being written"));
  writer.reset();
  EXPECT_EQ(complaint_of(""), "(no complaint)");
}

TEST_F(ParametersTest, TheImagesFieldIsNoParameter) {
  spool.make_folder("a");
  spool.write("a/reeld.toml", "\nimage = \"x\"\n");
  EXPECT_EQ(complaint_of("a"), "(no complaint)");
  image_field = "image";
  EXPECT_THAT(complaint_of("a"), StartsWith("a/reeld.toml:2: image: the image is "));
}

TEST_F(ParametersTest, WhatCannotBeReadNowIsAnErrorWithItsNumber) {
  spool.write("reeld.toml", "model = \"x\"\n");
  const FdLimit none_left(0);
  const Parameters resolved = resolve("");
  ASSERT_TRUE(std::holds_alternative<SysError>(resolved)) << tell(resolved);
  EXPECT_EQ(std::get<SysError>(resolved).code, EMFILE);
}

TEST_F(ParametersTest, WhatIsNotARegularFileIsRefusedAndNotFollowed) {
  spool.make_folder("a");
  spool.write("other.toml", "model = \"linked\"\n");
  std::filesystem::create_symlink(spool / "other.toml", spool / "a/reeld.toml");
  EXPECT_THAT(complaint_of("a"), HasSubstr("a/reeld.toml"));
  spool.make_folder("b/reeld.toml");
  EXPECT_THAT(complaint_of("b"), HasSubstr("b/reeld.toml"));
}

}  // namespace
}  // namespace reeld
