#include "submit/submission.hpp"

#include <charconv>

#include "codec/multipart.hpp"

namespace reeld {
namespace {

std::string hex(std::uint64_t number) {
  char buffer[17];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, 16).ptr;
  return {buffer, end};
}

/// What every request to the API has, but for the headers of one's own.
Headers list_headers(const ApiSettings& api, const ApiCredentials& credentials) {
  return {{"Host", api.url.host_header},
          {api.auth_header, (is_authorization(api.auth_header) ? "Bearer " : "") + credentials.key},
          {"User-Agent", "reeld/" REELD_VERSION},
          {"Accept", "application/json"},
          {"Accept-Encoding", "identity"}};
}

void add_own_headers(const ApiCredentials& credentials, Headers& headers) {
  for (const RequestHeader& header : credentials.headers) headers.emplace_back(header.name, header.value);
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

Submission build_question(const std::string& target, const ApiSettings& api,
                          const ApiCredentials& credentials) {
  Headers headers = list_headers(api, credentials);
  add_own_headers(credentials, headers);
  Submission out;
  out.head = build_request_head("GET", target, headers);
  constexpr std::size_t line_end = 2;  // of the empty line behind the head
  out.closing = out.head.substr(out.head.size() - line_end);
  out.head.resize(out.head.size() - line_end);
  return out;
}

Submission build_submission(const Snapshot& snapshot, const ApiSettings& api,
                            const ApiCredentials& credentials, const SubmissionMarks& marks) {
  const ImagePart image{*snapshot.image.type, snapshot.image_file.identity.size};
  MultipartBody body = build_multipart(snapshot.form, snapshot.prompt, image, marks.boundary);
  Headers headers = list_headers(api, credentials);
  headers.emplace_back("Content-Type", body.content_type);
  headers.emplace_back("Content-Length", std::to_string(body.content_length));
  if (!marks.idempotency_key.empty() && !api.idempotency_header.empty())
    headers.emplace_back(api.idempotency_header, marks.idempotency_key);
  add_own_headers(credentials, headers);
  Submission out;
  out.head = build_request_head("POST", api.url.request_target(), headers);
  out.before_image = std::move(body.before_image);
  out.image_size = image.size;
  out.after_image = std::move(body.after_image);
  out.closing = std::move(body.closing);
  return out;
}

}  // namespace reeld
