#include "codec/job_json.hpp"

#include "codec/result_json.hpp"
#include "core/utf8.hpp"
#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"

namespace reeld {

int fuzz_job_json(const std::uint8_t* data, std::size_t size) {
  Reply reply;
  reply.status = 200;
  reply.body = as_text(data, size);
  reply.headers = {{"Retry-After", reply.body}};
  const ApiReply api = read_api_reply(reply, SystemTime{});
  require(api.json || !api.json_object, "an object is JSON");
  require(api.json_object || (api.id.empty() && api.codes.empty() && api.texts.empty()),
          "only objects are read");
  require(!api.real_error || api.error_object, "a real error is an error object");

  ErrorResult result;
  result.reason = reply.body;
  result.api = reply.body;
  require(count_characters(build_error_json(result)).has_value(), "a result is valid UTF-8");
  return 0;
}

}  // namespace reeld
