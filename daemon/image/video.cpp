#include "image/video.hpp"

#include <algorithm>
#include <array>

#include "image/image_formats.hpp"

namespace reeld {
namespace {

using ByteSpan = std::span<const std::byte>;

constexpr std::uint64_t least_ftyp = 16;  // size, type, major brand, version
constexpr std::uint64_t most_ftyp = 1024;
constexpr std::uint64_t most_boxes = 100'000;  // of one file, at its top level
constexpr std::uint32_t ebml_head_id = 0x1A45DFA3;
constexpr std::uint32_t doc_type_id = 0x4282;
constexpr std::uint32_t segment_id = 0x18538067;

/// The number that the first `count` bytes write, the greatest digit first.
std::uint64_t read_number(ByteSpan bytes, std::size_t count) {
  std::uint64_t out = 0;
  for (const std::byte byte : bytes.first(count)) out = out << 8 | std::to_integer<std::uint64_t>(byte);
  return out;
}

/// Files of the same structure that are no videos.
bool is_other_brand(std::string_view brand) {
  static constexpr auto brands = std::to_array<std::string_view>(
      {"heic", "heix", "heim", "heis", "mif1", "avif", "jp2 ", "jpx ", "M4A ", "M4B ", "M4P ", "crx "});
  return std::ranges::find(brands, brand) != brands.end();
}

bool is_printable(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_mp4(ByteSpan head) {
  if (head.size() < least_ftyp || as_text(head.subspan(4, 4)) != "ftyp") return false;
  const std::uint64_t size = read_number(head, 4);
  const std::string_view brand = as_text(head.subspan(8, 4));
  return size >= least_ftyp && size <= most_ftyp && size % 4 == 0 && is_printable(brand) &&
         !is_other_brand(brand);
}

/// An element's id or size: the first byte's leading zeros tell how many bytes it has. Source: RFC 8794 4, 5.
struct Vint {
  std::size_t length = 0;   // 0: there is none
  std::uint64_t value = 0;  // with or without its marker
  bool is_unknown = false;  // a size with all its bits set
};

Vint read_vint(ByteSpan bytes, std::size_t longest, bool keeps_marker) {
  if (bytes.empty()) return {};
  const auto first = std::to_integer<unsigned>(bytes[0]);
  std::size_t length = 1;
  while (length <= longest && (first & (0x80U >> (length - 1))) == 0) ++length;
  if (length > longest || bytes.size() < length) return {};
  const std::uint64_t marker = std::uint64_t{1} << (7 * length);
  const std::uint64_t number = read_number(bytes, length);
  const std::uint64_t value = number & (marker - 1);
  return {length, keeps_marker ? number : value, value == marker - 1};
}

struct Element {
  std::uint64_t id = 0;
  std::size_t head = 0;    // bytes of id and size; 0: there is none
  std::uint64_t size = 0;  // of what follows
  bool is_unknown = false;
};

Element read_element(ByteSpan bytes) {
  const Vint id = read_vint(bytes, 4, true);
  if (id.length == 0) return {};
  const Vint size = read_vint(bytes.subspan(id.length), 8, false);
  if (size.length == 0) return {};
  return {id.value, id.length + size.length, size.value, size.is_unknown};
}

bool is_webm(ByteSpan head) {
  const Element ebml = read_element(head);
  if (ebml.head == 0 || ebml.id != ebml_head_id || ebml.is_unknown) return false;
  ByteSpan rest = head.subspan(ebml.head);
  rest = rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(ebml.size, rest.size())));
  while (!rest.empty()) {
    const Element element = read_element(rest);
    if (element.head == 0 || element.is_unknown || element.size > rest.size() - element.head) return false;
    const ByteSpan content = rest.subspan(element.head, static_cast<std::size_t>(element.size));
    if (element.id == doc_type_id) {
      const std::string_view word = as_text(content);
      const std::string_view type = word.substr(0, word.find('\0'));
      return type == "webm" || type == "matroska";
    }
    rest = rest.subspan(element.head + content.size());
  }
  return false;
}

std::string cut_reason(std::string_view what, std::uint64_t end, std::uint64_t size) {
  return "the file ends after " + std::to_string(size) + " bytes, within " + std::string(what) +
         " that goes on to " + std::to_string(end);
}

/// Follows the boxes at the top level to the end of the file.
VideoReport inspect_mp4(ByteReader& file) {
  VideoReport report{VideoType::mp4, false, {}};
  const std::uint64_t size = file.size();
  bool has_index = false;
  std::uint64_t at = 0;
  for (std::uint64_t boxes = 0; at < size && boxes < most_boxes; ++boxes) {
    std::array<std::byte, 16> bytes{};
    const std::size_t read = file.read_at(at, bytes);
    const ByteSpan head(bytes.data(), read);
    if (head.size() < 8) {
      report.reason = cut_reason("the head of a box", at + 8, size);
      return report;
    }
    std::uint64_t length = read_number(head, 4);
    if (length == 1 && head.size() == 16) length = read_number(head.subspan(8), 8);
    if (length == 0) length = size - at;  // to the end of the file
    const std::string_view type = as_text(head.subspan(4, 4));
    has_index = has_index || type == "moov";
    if (length < 8) {
      report.reason = "the box at byte " + std::to_string(at) + " has an impossible size";
      return report;
    }
    if (length > size - at) {
      report.reason = "the file ends after " + std::to_string(size) + " bytes, within a box of " +
                      std::to_string(length) + " bytes that begins at byte " + std::to_string(at);
      return report;
    }
    at += length;
  }
  report.is_whole = has_index;
  if (!has_index) report.reason = "the file has no index (moov): its end may be missing";
  return report;
}

VideoReport inspect_webm(ByteReader& file, ByteSpan head) {
  VideoReport report{VideoType::webm, true, {}};
  const Element ebml = read_element(head);
  const std::uint64_t at = ebml.head + ebml.size;
  std::array<std::byte, 16> bytes{};
  const std::size_t read = file.read_at(at, bytes);
  const Element segment = read_element(ByteSpan(bytes.data(), read));
  report.is_whole = segment.head != 0 && segment.id == segment_id;
  if (!report.is_whole) {
    report.reason = "the file has no segment behind its head";
    return report;
  }
  const std::uint64_t begin = at + segment.head;
  if (segment.is_unknown || segment.size <= file.size() - std::min(begin, file.size())) return report;
  report.is_whole = false;
  report.reason = cut_reason("a segment", begin + segment.size, file.size());
  return report;
}

}  // namespace

std::string_view ending_of(VideoType type) {
  return type == VideoType::mp4 ? "mp4" : "webm";
}

std::optional<VideoType> find_video_type(std::span<const std::byte> head) {
  if (is_mp4(head)) return VideoType::mp4;
  return is_webm(head) ? std::optional(VideoType::webm) : std::nullopt;
}

VideoReport inspect_video(ByteReader& file) {
  std::array<std::byte, video_head_size> bytes{};
  const std::size_t read = file.read_at(0, bytes);
  const ByteSpan head(bytes.data(), read);
  const auto type = find_video_type(head);
  if (type == VideoType::mp4) return inspect_mp4(file);
  if (type == VideoType::webm) return inspect_webm(file, head);
  if (head.empty()) return {std::nullopt, false, "the file is empty"};
  return {std::nullopt, false,
          "the file begins like " + describe_foreign_file(head) + ", not like MP4 or WebM"};
}

}  // namespace reeld
