#pragma once
// Replies for the tests of verdicts.

#include <string>
#include <utility>
#include <vector>

#include "core/verdict.hpp"

namespace reeld {

inline ApiReply make_reply(int status) {
  ApiReply reply;
  reply.status = status;
  return reply;
}

/// An API's error object with that code and message.
inline ApiReply make_error(int status, std::string code, std::string text = "no") {
  ApiReply reply = make_reply(status);
  reply.json = reply.json_object = reply.error_object = reply.real_error = true;
  if (!code.empty()) reply.codes = {std::move(code)};
  reply.texts = {std::move(text)};
  return reply;
}

/// One whose job is in that state.
inline ApiReply make_created(std::string status_word = "queued") {
  ApiReply reply = make_reply(200);
  reply.json = reply.json_object = true;
  reply.id = "video_1";
  reply.status_word = std::move(status_word);
  return reply;
}

/// Of a request that was sent whole, or not, to an API that has accepted others.
inline Verdict judge_reply(ApiReply reply, bool committed = true,
                           const std::vector<VerdictRule>& rules = {}) {
  AttemptEnd end;
  end.committed = committed;
  end.has_accepted = true;
  end.reply = std::move(reply);
  return judge(end, rules).verdict;
}

}  // namespace reeld
