#include "codec/video_json.hpp"

#include <algorithm>

#include "follow/poll_verdict.hpp"
#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"
#include "http/web_url.hpp"

namespace reeld {

int fuzz_video_json(const std::uint8_t* data, std::size_t size) {
  Reply reply;
  reply.status = size % 3 == 0 ? 404 : 200;
  reply.body = as_text(data, size);
  reply.headers = {{"openai-poll-after-ms", reply.body}};
  const VideoAnswer answer = read_video_answer(reply, SystemTime{});
  require(!answer.progress || *answer.progress <= 100, "progress is percent");
  const WebUrl base{true, "api.example", 443, "/v1/videos/a"};
  for (const auto& links : answer.links) {
    require(links.size() <= 8, "links are few");
    require(links.empty() || answer.api.json_object, "only objects are read");
    for (const std::string& link : links) resolve_reference(base, link);
  }
  const PollVerdict verdict = judge_poll(answer, "video_1");
  require(!verdict.may_replace || (answer.api.json_object && answer.api.id == "video_1"),
          "only an answer about the job replaces another");
  require(verdict.event.kind != FollowEvent::Kind::completed || reply.status == 200,
          "only a success completes a job");
  return 0;
}

}  // namespace reeld
