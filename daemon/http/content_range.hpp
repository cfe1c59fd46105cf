#pragma once
// Resuming a download: what is asked for, and what the reply is worth for the part that is there already.
//
// Threads: pure. Source: RFC 9110 14.4 (Content-Range), 8.8.3 (ETag), 13.1.5 (If-Range), 15.3.7 (206),
// 15.5.17 (416).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/http_message.hpp"

namespace reeld {

struct ContentRange {
  bool is_satisfied = true;  // false: "bytes */1234", of a 416
  std::uint64_t first = 0;   // of a satisfied one: both ends included
  std::uint64_t last = 0;
  std::optional<std::uint64_t> whole{};  // the whole length, where it is told
  bool operator==(const ContentRange&) const = default;
};

/// nullopt where it is none in bytes, or contradicts itself.
std::optional<ContentRange> parse_content_range(std::string_view value);

/// Whether it is an entity tag that stands for the same bytes: quoted, and without "W/".
bool is_strong_etag(std::string_view value);

/// What is there of a file, and of what file it is.
struct PartialFile {
  std::uint64_t size = 0;
  std::string etag{};                     // of the reply that it began with; "" : none
  std::optional<std::uint64_t> length{};  // of the whole file
};

/// Whether the rest of it can be asked for: there is some, and a strong ETag tells whether it is the same
/// file still. Without one it begins anew.
bool can_resume(const PartialFile& partial);
/// "Range" and "If-Range". Precondition: `can_resume`.
Headers resume_headers(const PartialFile& partial);

enum class ResumeKind {
  append,     // the body goes behind what is there
  replace,    // the body is the file from its beginning
  whole,      // nothing is missing
  ask_again,  // the body is of no use: what is there is thrown away, and the whole file asked for
  refused,    // a status that is of no file: redirect, error
};

struct ResumeAnswer {
  ResumeKind kind = ResumeKind::refused;
  std::optional<std::uint64_t> expected{};  // append, replace: bytes of the body, where that is told
  std::optional<std::uint64_t> length{};    // of the whole file, where that is told
};

/// `reply`: its head. `partial`: nullopt where no range was asked for.
ResumeAnswer judge_resume(const Reply& reply, const std::optional<PartialFile>& partial);

}  // namespace reeld
