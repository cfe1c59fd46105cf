#include "image/image.hpp"

#include <algorithm>

#include "image/image_formats.hpp"

namespace reeld {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t head_size = 16;

enum class Match { no, so_far, whole };

Match match(std::string_view head, std::string_view signature) {
  const std::size_t shared = std::min(head.size(), signature.size());
  if (head.substr(0, shared) != signature.substr(0, shared)) return Match::no;
  return shared == signature.size() ? Match::whole : Match::so_far;
}

Match match_webp(std::string_view head) {
  const Match riff = match(head, "RIFF"sv);
  if (riff != Match::whole || head.size() <= 8) return riff == Match::no ? Match::no : Match::so_far;
  return match(head.substr(8), "WEBP"sv);
}

struct Candidate {
  ImageType type;
  Match match;
};

Candidate find_type(std::string_view head) {
  const Match png = match(head, "\x89PNG\r\n\x1A\n"sv);
  if (png != Match::no) return {ImageType::png, png};
  const Match jpeg = match(head, "\xFF\xD8\xFF"sv);
  if (jpeg != Match::no) return {ImageType::jpeg, jpeg};
  return {ImageType::webp, match_webp(head)};
}

ImageReport inspect_as(ImageType type, ByteWindow& file) {
  switch (type) {
    case ImageType::png:
      return inspect_png(file);
    case ImageType::jpeg:
      return inspect_jpeg(file);
    case ImageType::webp:
      break;
  }
  return inspect_webp(file);
}

}  // namespace

std::string_view media_type_of(ImageType type) {
  switch (type) {
    case ImageType::png:
      return "image/png";
    case ImageType::jpeg:
      return "image/jpeg";
    case ImageType::webp:
      break;
  }
  return "image/webp";
}

std::string_view extension_of(ImageType type) {
  switch (type) {
    case ImageType::png:
      return "png";
    case ImageType::jpeg:
      return "jpg";
    case ImageType::webp:
      break;
  }
  return "webp";
}

ImageReport inspect_image(ByteReader& reader) {
  ByteWindow file(reader);
  const auto head = file.view(0, head_size);
  if (head.empty()) return report_truncated({}, "the file is empty");
  const Candidate found = find_type(as_text(head));
  if (found.match == Match::whole) return inspect_as(found.type, file);
  if (found.match == Match::so_far) {
    ImageReport report;
    report.type = found.type;
    return report_truncated(std::move(report), "the file ends after " + std::to_string(head.size()) +
                                                   " bytes, within its signature");
  }
  if (is_all_zero(head))
    return report_truncated({}, "the file begins with zeros: its bytes may not be there yet");
  return report_unknown(
      {}, "the file begins like " + describe_foreign_file(head) + ", not like PNG, JPEG or WebP");
}

ImageReport report_truncated(ImageReport report, std::string reason) {
  report.state = ImageState::truncated;
  report.reason = std::move(reason);
  return report;
}

ImageReport report_unknown(ImageReport report, std::string reason) {
  report.state = ImageState::unknown;
  report.reason = std::move(reason);
  return report;
}

bool is_all_zero(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace reeld
