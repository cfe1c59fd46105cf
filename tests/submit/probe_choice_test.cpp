#include "submit/probe_choice.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

ReadyPair make_pair(const std::string& folder, const std::string& stem) {
  ReadyPair pair;
  pair.job = {folder, stem};
  pair.prompt_name = stem + ".txt";
  return pair;
}

class ProbeChoiceTest : public ::testing::Test {
 protected:
  std::string choose(const std::vector<ReadyPair>& candidates) {
    read_ = 0;
    const Unlike unlike{"a", "same"};
    return choose_probe(candidates, unlike,
                        [this](const ReadyPair& pair) {
                          ++read_;
                          const auto it = fields_.find(pair.job.stem);
                          return it == fields_.end() ? std::nullopt : std::optional(it->second);
                        })
        .text();
  }

  std::map<std::string, std::string> fields_;
  int read_ = 0;
};

TEST_F(ProbeChoiceTest, OtherFieldsCountForMoreThanAnotherFolder) {
  fields_ = {{"1", "same"}, {"2", "other"}, {"3", "same"}};
  EXPECT_EQ(choose({make_pair("a", "1"), make_pair("a", "2"), make_pair("b", "3")}), "a/2");
}

TEST_F(ProbeChoiceTest, BothAreLookedForNoFurtherThanThat) {
  fields_ = {{"1", "other"}, {"2", "other"}, {"3", "other"}};
  EXPECT_EQ(choose({make_pair("a", "1"), make_pair("b", "2"), make_pair("c", "3")}), "c/3");
  EXPECT_EQ(read_, 1);
}

TEST_F(ProbeChoiceTest, OfEqualsTheLastIsTaken) {
  fields_ = {{"1", "same"}, {"2", "same"}, {"3", "same"}};
  EXPECT_EQ(choose({make_pair("a", "1"), make_pair("a", "2"), make_pair("a", "3")}), "a/3")
      << "what is wrong with the first may be wrong with its neighbour";
}

TEST_F(ProbeChoiceTest, AnotherFolderIsBetterThanTheSame) {
  fields_ = {{"1", "same"}, {"2", "same"}};
  EXPECT_EQ(choose({make_pair("a", "1"), make_pair("b", "2")}), "b/2");
}

TEST_F(ProbeChoiceTest, WhatCannotBeReadIsTheLastToBeTaken) {
  fields_ = {{"2", "same"}};
  EXPECT_EQ(choose({make_pair("b", "1"), make_pair("a", "2")}), "a/2");
  fields_.clear();
  EXPECT_EQ(choose({make_pair("b", "1"), make_pair("a", "2")}), "b/1");
}

TEST(ReadFieldsTest, AreThoseThatWouldBeSent) {
  const TempFolder folder;
  folder.write("1.txt", "+++\nmodel = \"x\"\n+++\nA cow.");
  folder.write("2.txt", "A cow.");
  folder.write("reeld.toml", "seconds = 4\n");
  const int fd = folder.fd();
  const JobFields base{{"model", "sora-2"}};
  const SpoolSettings spool;
  const FieldNames names;
  const auto first = read_fields_of(fd, make_pair("", "1"), base, spool, names);
  const auto second = read_fields_of(fd, make_pair("", "2"), base, spool, names);
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  EXPECT_NE(first->find("\"x\""), std::string::npos);
  EXPECT_NE(second->find("sora-2"), std::string::npos);
  EXPECT_NE(second->find("4"), std::string::npos);
  EXPECT_FALSE(read_fields_of(fd, make_pair("", "3"), base, spool, names));
}

}  // namespace
}  // namespace reeld
