#include "http/result_redirect.hpp"

#include <gtest/gtest.h>

#include <string>

namespace reeld {
namespace {

bool leads(int status, std::string location, std::string_view target = "/v1/videos") {
  Reply reply;
  reply.status = status;
  reply.headers.emplace_back("Location", std::move(location));
  return leads_to_result(reply, target);
}

TEST(LeadsToResult, BeneathTheRequestsPath) {
  for (const int status : {302, 303}) {
    EXPECT_TRUE(leads(status, "/v1/videos/video_1"));
    EXPECT_TRUE(leads(status, "https://api.example/v1/videos/video_1?x=1"));
    EXPECT_TRUE(leads(status, "https://10.0.0.7:8080/v1/videos/video_1/content"));
    EXPECT_TRUE(leads(status, "videos/video_1"));
    EXPECT_TRUE(leads(status, "/relay/v1/videos/video_1", "/relay/v1/videos"));
    EXPECT_TRUE(leads(status, "/v1/videos/video_1", "/relay/v1/videos"));
  }
  EXPECT_TRUE(leads(303, "/v1/videos?id=video_1"));
  EXPECT_TRUE(leads(303, "?id=video_1"));
}

TEST(LeadsToResult, AsServersBehindOthersTellIt) {
  for (const int status : {301, 302, 303}) {
    for (const char* const location :
         {"/videos/video_1", "/v1//videos//video_1", "/V1/Videos/Video_1", "/api/videos/1/",
          "/videos/video_1#x", "https://u:p@x/v1/videos/video_1", "//x/videos/video_1",
          "https://x/v2/videos/b7f0c2", "/v1/videos/ufawqhfynnddngldkgtslldrkq"})
      EXPECT_TRUE(leads(status, location)) << status << location;
  }
  for (const char* const location :
       {"/v1/videos/?id=video_1", "https://x/videos?task_id=a", "/videos/latest", "/v1/videos/a",
        "/v1/videos/creations/v_1", "/v1/videos/NeW7xkq83Lm", "/v1/videos/login/v_1"})
    EXPECT_TRUE(leads(303, location)) << location;
}

/// 307 and 308 ask for the same request elsewhere.
TEST(LeadsToResult, NotWhereTheRequestIsAskedForElsewhere) {
  for (const int status : {200, 300, 304, 307, 308})
    EXPECT_FALSE(leads(status, "/v1/videos/video_1")) << status;
  for (const char* const location :
       {"", "/", "/v1/videos", "/v1/videos/", "/v1/videos//", "https://www.example.com/v1/videos",
        "/login?next=/v1/videos/video_1", "/login?next=%2Fv1%2Fvideos",
        "https://www.example.com/videos/v1/videos", "http://[bad", "/v1/video/1"}) {
    EXPECT_FALSE(leads(302, location)) << location;
    EXPECT_FALSE(leads(303, location)) << location;
  }
  EXPECT_FALSE(leads(302, "/v1/videos?id=video_1"));
  EXPECT_FALSE(leads(302, "https://sso.example.com/videos/login"));
  EXPECT_FALSE(leads(302, "/videos/oauth2/start?rd=x"));
  EXPECT_FALSE(leads(302, "/v1/videos/login"));
  EXPECT_FALSE(leads(302, "/videos/latest"));
  EXPECT_FALSE(leads(301, "https://www.example.com/v1/videos/"));
  EXPECT_FALSE(leads(308, "/videos/v1/videos", "/videos/v1/videos"));
}

}  // namespace
}  // namespace reeld
