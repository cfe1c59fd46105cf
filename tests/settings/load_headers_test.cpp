// [api.headers] and auth_header.

#include <gtest/gtest.h>

#include "settings/load.hpp"

namespace reeld {
namespace {

using Source = HeaderSetting::Source;

std::variant<Settings, SettingsComplaint> load_with(const std::string& text) {
  return load_settings("[api]\nurl = \"https://a.example\"\n" + text, "f.toml");
}

std::string complaint_with(const std::string& text) {
  const auto loaded = load_with(text);
  const auto* const complaint = std::get_if<SettingsComplaint>(&loaded);
  return complaint == nullptr ? "(no complaint)" : complaint->message;
}

// It is the file's fourth line.
std::string header_complaint_of(const std::string& line) {
  return complaint_with("[api.headers]\n" + line + "\n");
}

TEST(LoadHeaders, ReadsThemInTheFilesOrder) {
  const auto loaded = load_with(
      "[api.headers]\nx-tenant = \"films\"\nAuthorization = { file = \"/etc/reeld/basic\" }\n"
      "\"X.Y\" = { credential = \"tenant\" }\n");
  ASSERT_TRUE(std::holds_alternative<SettingsComplaint>(loaded)) << "Authorization carries the key";
  const auto other = load_with(
      "auth_header = \"api-key\"\n[api.headers]\nx-tenant = \"films\"\nAuthorization = { file = "
      "\"/etc/reeld/basic\" "
      "}\n\"X.Y\" = { credential = \"tenant\" }\n");
  ASSERT_TRUE(std::holds_alternative<Settings>(other)) << std::get<SettingsComplaint>(other).message;
  EXPECT_EQ(std::get<Settings>(other).api.headers,
            (std::vector<HeaderSetting>{{"x-tenant", Source::text, "films"},
                                        {"Authorization", Source::file, "/etc/reeld/basic"},
                                        {"X.Y", Source::credential, "tenant"}}));
}

TEST(LoadHeaders, WhatIsNoHeadersNameIsRefused) {
  for (const char* name : {"\"x tenant\"", "\"x:\"", "\"\"", "\"\xc3\xbc\""}) {
    EXPECT_NE(
        header_complaint_of(std::string(name) + " = \"1\"")
            .find("is no name of a header; write a name such as \"x-tenant\", without a colon or spaces"),
        std::string::npos)
        << name;
  }
  EXPECT_EQ(header_complaint_of("\"x tenant\" = \"1\"").find("f.toml:4: api.headers.x tenant: "), 0U);
}

TEST(LoadHeaders, WhatIsOursOrFramesTheMessageIsRefused) {
  for (const char* name : {"Host", "content-length", "Content-Type", "Transfer-Encoding", "Connection",
                           "Expect", "Upgrade", "TE", "Trailer", "Accept", "Accept-Encoding", "User-Agent",
                           "Content-Encoding", "Keep-Alive", "Proxy-Authorization", "proxy-x"}) {
    EXPECT_EQ(header_complaint_of(std::string(name) + " = \"1\""),
              "f.toml:4: api.headers." + std::string(name) +
                  ": is a header that reeld makes itself, or that frames the message; remove it");
  }
  EXPECT_EQ(header_complaint_of("authorization = \"Basic x\""),
            "f.toml:4: api.headers.authorization: is the header that carries the API key (api.auth_header); "
            "remove it");
  EXPECT_EQ(complaint_with("idempotency_header = \"X-Once\"\n[api.headers]\nx-once = \"1\"\n"),
            "f.toml:5: api.headers.x-once: is api.idempotency_header, too; remove it");
}

TEST(LoadHeaders, OneNameInTwoCasesIsRefused) {
  EXPECT_EQ(header_complaint_of("x-a = \"1\"\nX-A = \"2\""),
            "f.toml:5: api.headers.X-A: is \"x-a\", which stands above, in another case; remove one");
}

TEST(LoadHeaders, ValuesAreOneLineAndNeverRepeated) {
  EXPECT_EQ(header_complaint_of("x-a = \" hunter2\""),
            "f.toml:4: api.headers.x-a: begins with a blank; remove it");
  EXPECT_EQ(header_complaint_of("x-a = \"hunter2\\r\\nHost: b\""),
            "f.toml:4: api.headers.x-a: has more than one line; a header's value is on one line");
  EXPECT_EQ(header_complaint_of("x-a = \"hunter2\\u0001\""),
            "f.toml:4: api.headers.x-a: has a control character in it; remove it");
  EXPECT_EQ(header_complaint_of("x-a = \"\""),
            "f.toml:4: api.headers.x-a: is empty; write the header's value, or remove the header");
  const std::string wanted =
      "f.toml:4: api.headers.x-a: must be a text, or { file = \"/path\" } or { credential = \"name\" } for a "
      "secret";
  for (const char* value : {"12345", "[\"hunter2\"]", "{}", "{ file = 1 }",
                            "{ file = \"/a\", credential = \"b\" }", "{ text = \"hunter2\" }"})
    EXPECT_EQ(header_complaint_of("x-a = " + std::string(value)), wanted) << value;
  EXPECT_EQ(header_complaint_of("x-a = { fiel = \"/a\" }"),
            "f.toml:4: api.headers.x-a: has an unknown key in its braces; did you mean \"file\"?");
  EXPECT_EQ(header_complaint_of("x-a = { file = \"a\" }"),
            "f.toml:4: api.headers.x-a: must name its file by an absolute path, one that begins with \"/\"");
  for (const char* name : {"a/b", "", "..", "../x"})
    EXPECT_EQ(header_complaint_of("x-a = { credential = \"" + std::string(name) + "\" }"),
              "f.toml:4: api.headers.x-a: must name a credential as the unit's LoadCredential= does, without "
              "a path");
}

TEST(LoadHeaders, TheTableIsOne) {
  EXPECT_EQ(complaint_with("headers = \"x\"\n"),
            "f.toml:3: api.headers: must be a table: [api.headers] on a line of its own, its keys below it; "
            "the text "
            "\"x\" was given");
  EXPECT_EQ(complaint_with("[api.header]\nx-a = \"1\"\n"),
            "f.toml:3: api.header: unknown table; did you mean \"api.headers\"?");
}

TEST(LoadHeaders, TheKeysHeaderIsAHeadersName) {
  EXPECT_EQ(
      complaint_with("auth_header = \"api key\"\n"),
      "f.toml:3: api.auth_header: must be a header's name, such as \"api-key\", without a colon or spaces");
  for (const char* name : {"Proxy-Authorization", "Host", "Content-Length", "Cookie"}) {
    EXPECT_EQ(complaint_with("auth_header = \"" + std::string(name) + "\"\n"),
              "f.toml:3: api.auth_header: is a header that cannot carry the API key; write "
              "\"Authorization\", or the "
              "name that the API asks for, such as \"api-key\"");
  }
  EXPECT_EQ(complaint_with("auth_header = \"x-once\"\nidempotency_header = \"X-Once\"\n"),
            "f.toml:3: api.auth_header: is the name in idempotency_header, too; write another");
}

}  // namespace
}  // namespace reeld
