#pragma once
// Replies for the tests of verdicts.

#include <string>
#include <utility>

#include "core/api_reply.hpp"

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

}  // namespace reeld
