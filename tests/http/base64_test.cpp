#include "http/base64.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(EncodeBase64, WritesTheVectorsOfRfc4648) {
  for (const auto& [bytes, text] :
       std::initializer_list<std::pair<const char*, const char*>>{{"", ""},
                                                                  {"f", "Zg=="},
                                                                  {"fo", "Zm8="},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg=="},
                                                                  {"fooba", "Zm9vYmE="},
                                                                  {"foobar", "Zm9vYmFy"},
                                                                  {"\xFB\xFF", "+/8="}})
    EXPECT_EQ(encode_base64(bytes), text);
}

}  // namespace
}  // namespace reeld
