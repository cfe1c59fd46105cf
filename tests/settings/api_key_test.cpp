#include "settings/api_key.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

std::string key_complaint_of(std::string_view text) {
  const auto checked = check_api_key(text);
  const auto* complaint = std::get_if<ApiKeyComplaint>(&checked);
  return complaint == nullptr ? "(no complaint)" : complaint->reason;
}

TEST(ApiKey, WhatEditorsLeaveAtTheEndIsTrimmed) {
  for (const char* text : {"sk-abc", "sk-abc\n", "sk-abc\r\n", "sk-abc \t\n\n"}) {
    const auto checked = check_api_key(text);
    ASSERT_TRUE(std::holds_alternative<std::string>(checked)) << text;
    EXPECT_EQ(std::get<std::string>(checked), "sk-abc");
  }
}

TEST(ApiKey, WhatCannotBeAKeyIsRefused) {
  EXPECT_EQ(key_complaint_of(""), "is empty; the API key must be in it");
  EXPECT_EQ(key_complaint_of(" \n"), "is empty; the API key must be in it");
  EXPECT_EQ(key_complaint_of("sk-abc\nsk-def\n"), "has more than one line; write the key alone, on one line");
  EXPECT_EQ(key_complaint_of("sk abc"), "has a space within the key; write the key alone");
  EXPECT_EQ(key_complaint_of("Bearer sk-abc"), "begins with \"Bearer \"; write the key alone");
  EXPECT_EQ(key_complaint_of("sk-\x01"
                             "abc"),
            "has a control character within the key");
  EXPECT_EQ(key_complaint_of(std::string_view("sk-\0abc", 7)), "has a control character within the key");
  EXPECT_EQ(key_complaint_of("sk-\xc3\xa9"), "has a character that is not ASCII within the key");
  EXPECT_EQ(key_complaint_of("\xef\xbb\xbfsk-abc"), "has a character that is not ASCII within the key");
  EXPECT_EQ(key_complaint_of(std::string(8193, 'k')),
            "is longer than 8192 characters; that is not an API key");
}

TEST(ApiKey, NoComplaintShowsIt) {
  for (const char* text :
       {"hunter2\nhunter2", "hunter2 hunter2", "Bearer hunter2", "hunter2\x7f!", "hunter2\xff!"}) {
    EXPECT_EQ(key_complaint_of(text).find("hunter2"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace reeld
