#include "runtime/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sys/temp_folder.hpp"

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Parameters : public testing::Test {
 protected:
  std::variant<JobFields, std::string> resolve(const std::string& folder,
                                               const JobFields& front_matter = {}) {
    return resolve_parameters(spool.fd(), base, folder, front_matter);
  }

  JobFields fields_of(const std::string& folder, const JobFields& front_matter = {}) {
    auto resolved = resolve(folder, front_matter);
    if (const auto* complaint = std::get_if<std::string>(&resolved)) {
      ADD_FAILURE() << *complaint;
      return {};
    }
    return std::get<JobFields>(std::move(resolved));
  }

  std::string complaint_of(const std::string& folder) {
    auto resolved = resolve(folder);
    return std::holds_alternative<JobFields>(resolved) ? "(no complaint)" : std::get<std::string>(resolved);
  }

  TempFolder spool;
  JobFields base{{"model", "base"}, {"seconds", "10"}, {"size", "16x9"}};
};

TEST_F(Parameters, FoldersWithoutAFileAddNothing) {
  spool.make_folder("a/b");
  EXPECT_EQ(fields_of(""), base);
  EXPECT_EQ(fields_of("a/b"), base);
}

TEST_F(Parameters, TheNearestFolderWinsAndFrontMatterOverAll) {
  spool.make_folder("a/b/c");
  spool.write("reeld.toml", "model = \"spool\"\nseconds = 1\nfrom_spool = true\n");
  spool.write("a/reeld.toml", "model = \"a\"\nseconds = 2\n");
  spool.write("a/b/c/reeld.toml", "model = \"c\"\n");
  const JobFields in_spool{{"model", "spool"}, {"seconds", "1"}, {"size", "16x9"}, {"from_spool", "true"}};
  const JobFields in_c{{"model", "c"}, {"seconds", "2"}, {"size", "1x1"}, {"from_spool", "true"}};
  EXPECT_EQ(fields_of(""), in_spool);
  EXPECT_EQ(fields_of("a/b/c", {{"size", "1x1"}}), in_c);
}

TEST_F(Parameters, AnEmptyTextUnsets) {
  spool.write("reeld.toml", "size = \"\"\n");
  const JobFields fields = fields_of("");
  ASSERT_NE(find_field(fields, "size"), nullptr);
  EXPECT_EQ(*find_field(fields, "size"), "");
}

TEST_F(Parameters, AMistakeNamesFileLineAndKey) {
  spool.make_folder("projectA/scenes");
  spool.write("projectA/reeld.toml", "model = \"x\"\n\nsize = [1, 2]\n");
  EXPECT_THAT(complaint_of("projectA"), StartsWith("projectA/reeld.toml:3: size: "));
  EXPECT_THAT(complaint_of("projectA/scenes"), StartsWith("projectA/reeld.toml:3: size: "));
  EXPECT_EQ(complaint_of(""), "(no complaint)");
  spool.write("projectA/reeld.toml", "model = \n");
  EXPECT_THAT(complaint_of("projectA"), StartsWith("projectA/reeld.toml:1: "));
}

TEST_F(Parameters, AFileThatIsTooBigIsRefused) {
  spool.write("reeld.toml", std::string(64 * 1024, '\n'));
  EXPECT_EQ(complaint_of(""), "(no complaint)");
  spool.write("reeld.toml", std::string(64 * 1024 + 1, '\n'));
  EXPECT_EQ(complaint_of(""), "reeld.toml: is larger than 64 KiB; that is too much for parameters");
}

TEST_F(Parameters, WhatIsNotARegularFileIsRefusedAndNotFollowed) {
  spool.make_folder("a");
  spool.write("other.toml", "model = \"linked\"\n");
  std::filesystem::create_symlink(spool / "other.toml", spool / "a/reeld.toml");
  EXPECT_THAT(complaint_of("a"), HasSubstr("a/reeld.toml"));
  spool.make_folder("b/reeld.toml");
  EXPECT_THAT(complaint_of("b"), HasSubstr("b/reeld.toml"));
}

}  // namespace
}  // namespace reeld
