#pragma once
// What the stub says: bodies in the reference's format and in the dialects, varied in order, white space and
// escapes, so that "byte for byte" means something.

#include <string>

#include "stub_api/faults.hpp"
#include "stub_api/jobs.hpp"

namespace reeld::stub {

struct Response {
  int status = 200;
  std::string headers = {};  // further lines, each with its CRLF
  std::string content_type = "application/json";
  std::string body = {};
};

/// A job as the API gives it back, written in one of several hands by its number.
std::string write_job(const Job& job, int progress);

/// The answer that a fault orders. `job`: an empty one where none was created.
Response make_response(const Fault& fault, const Job& job);

/// {"error":{"message","type","param","code"}}; `code` and `param` may be "" for null.
Response make_error(int status, std::string_view message, std::string_view type, std::string_view code,
                    std::string_view param);

Response make_unauthorized();
Response make_throttled();
Response make_not_found(std::string_view what);

}  // namespace reeld::stub
