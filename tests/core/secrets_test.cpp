#include "core/secrets.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

Secrets make_secrets(std::string_view key, std::initializer_list<std::string_view> others) {
  Secrets out(key);
  for (const std::string_view other : others) out.add(other);
  return out;
}

TEST(Secrets, TheKeyIsTakenOutHoweverShort) {
  EXPECT_EQ(Secrets("k-1").take_out("bad key k-1"), "bad key [key]");
  EXPECT_EQ(Secrets().take_out("bad key k-1"), "bad key k-1");
}

TEST(Secrets, OthersAreTakenOutFromEightCharactersOn) {
  EXPECT_EQ(make_secrets("", {"12345678"}).take_out("a 12345678 b"), "a [secret] b");
  EXPECT_EQ(make_secrets("", {"1234567"}).take_out("a 1234567 b"), "a 1234567 b");
}

TEST(Secrets, EscapedOnesTooAreTakenOut) {
  EXPECT_EQ(make_secrets("", {"abc/12345"}).take_out(R"({"m":"\u0061bc\/12345"})"), R"({"m":"[secret]"})");
  EXPECT_EQ(make_secrets("", {"a b/12345"}).take_out("q=a%20b%2F12345"), "q=[secret]");
}

TEST(Secrets, WhatFollowsAnAuthenticationSchemeIsOneByItself) {
  const Secrets secrets = make_secrets("", {"Basic dXNlcjpwYXNz"});
  EXPECT_EQ(secrets.take_out("Basic dXNlcjpwYXNz"), "[secret]");
  EXPECT_EQ(secrets.take_out("wrong credentials dXNlcjpwYXNz"), "wrong credentials [secret]");
}

TEST(Secrets, OfOneThatHoldsAnotherNothingIsLeft) {
  EXPECT_EQ(make_secrets("sk-1", {"tenant-sk-1-end"}).take_out("tenant-sk-1-end sk-1"), "[secret] [key]");
  EXPECT_EQ(make_secrets("12345678901", {"12345678"}).take_out("12345678901"), "[key]");
  EXPECT_EQ(make_secrets("", {"12345678", "123456789"}).take_out("123456789 12345678"), "[secret] [secret]");
}

TEST(NamesSecret, ByTheWordsOfAName) {
  for (const char* name : {"key",
                           "api-key",
                           "apikey",
                           "Ocp-Apim-Subscription-Key",
                           "x-functions-key",
                           "code",
                           "sig",
                           "access_token",
                           "authToken",
                           "CF-Access-Client-Secret",
                           "password",
                           "Authorization",
                           "X-Auth",
                           "Cookie",
                           "signature",
                           "pass",
                           "sk",
                           "sid",
                           "session",
                           "sign",
                           "cred",
                           "ticket"}) {
    EXPECT_TRUE(names_secret(name)) << name;
  }
  for (const char* name : {"", "api-version", "x-title", "OpenAI-Organization", "keyboard", "x-encoded",
                           "design", "HTTP-Referer", "-"}) {
    EXPECT_FALSE(names_secret(name)) << name;
  }
}

}  // namespace
}  // namespace reeld
