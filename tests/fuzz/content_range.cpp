#include "http/content_range.hpp"

#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"

namespace reeld {

int fuzz_content_range(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  if (const auto range = parse_content_range(text)) {
    require(range->first <= range->last, "a range has an end");
    require(!range->is_satisfied || !range->whole || range->last < *range->whole, "it lies within the file");
  }
  for (const int status : {200, 206, 416}) {
    const Reply reply{status, {{"Content-Range", std::string(text)}, {"ETag", std::string(text)}}, ""};
    const PartialFile partial{7, "\"v\"", 1000};
    const ResumeAnswer answer = judge_resume(reply, partial);
    require(answer.kind != ResumeKind::append || (answer.expected && *answer.expected > 0),
            "what is appended has a size");
    require(answer.kind != ResumeKind::append || is_strong_etag(partial.etag),
            "only the same file is resumed");
  }
  return 0;
}

}  // namespace reeld
