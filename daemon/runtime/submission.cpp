#include "runtime/submission.hpp"

#include <charconv>

#include "codec/multipart.hpp"

namespace reeld {
namespace {

std::string hex(std::uint64_t number) {
  char buffer[17];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, 16).ptr;
  return {buffer, end};
}

}  // namespace

/// 128 random bits cannot be in an image but by intent; texts are looked at all the same, for they may echo a
/// log.
std::string choose_boundary(const Snapshot& snapshot, std::array<std::uint64_t, 2> random) {
  std::string boundary;
  do {
    boundary = "reeld-" + hex(random[0]++) + hex(random[1]);
  } while (!is_boundary_free(snapshot.form, snapshot.prompt, boundary));
  return boundary;
}

Submission build_submission(const Snapshot& snapshot, const ApiSettings& api,
                            const ApiCredentials& credentials, const SubmissionMarks& marks) {
  const ImagePart image{*snapshot.image.type, snapshot.image_file.identity.size};
  MultipartBody body = build_multipart(snapshot.form, snapshot.prompt, image, marks.boundary);
  Headers headers{{"Host", api.url.host_header},
                  {api.auth_header, (is_authorization(api.auth_header) ? "Bearer " : "") + credentials.key},
                  {"User-Agent", "reeld/" REELD_VERSION},
                  {"Accept", "application/json"},
                  {"Accept-Encoding", "identity"},
                  {"Content-Type", body.content_type},
                  {"Content-Length", std::to_string(body.content_length)}};
  if (!marks.idempotency_key.empty() && !api.idempotency_header.empty())
    headers.emplace_back(api.idempotency_header, marks.idempotency_key);
  for (const RequestHeader& header : credentials.headers) headers.emplace_back(header.name, header.value);
  Submission out;
  out.head = build_request_head("POST", api.url.request_target(), headers);
  out.before_image = std::move(body.before_image);
  out.image_size = image.size;
  out.after_image = std::move(body.after_image);
  out.closing = std::move(body.closing);
  return out;
}

}  // namespace reeld
