// PNG: the signature, then chunks (length, type, data, CRC) from IHDR to IEND. Source: PNG 5.2, 5.3, 11.2.

#include <algorithm>
#include <array>
#include <optional>

#include "core/ascii.hpp"
#include "image/image_formats.hpp"

namespace reeld {
namespace {

constexpr std::size_t signature_size = 8;
constexpr std::size_t chunk_head_size = 8;  // length and type
constexpr std::uint64_t chunk_frame = 12;   // with the CRC
constexpr std::uint32_t max_chunk = 0x7FFFFFFF;
constexpr std::uint32_t header_length = 13;

/// IEND, which is always empty, from its type to the end of its CRC.
constexpr std::string_view end_bytes = "IEND\xAE\x42\x60\x82";

/// Whether a chunk of this type can stand in a PNG of today: the third letter is upper-case, and of the
/// critical chunks there are five (CgBI is Apple's). Source: PNG 5.4.
bool is_plausible(std::string_view type) {
  static constexpr std::array<std::string_view, 5> critical{"IHDR", "PLTE", "IDAT", "IEND", "CgBI"};
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!is_upper(type[2])) return false;
  return !is_upper(type[0]) || std::ranges::find(critical, type) != critical.end();
}

class PngWalk {
 public:
  explicit PngWalk(ByteWindow& file) : file_(file) { report_.type = ImageType::png; }

  ImageReport run() {
    while (!ended_) step();
    return std::move(report_);
  }

 private:
  void step() {
    const auto head = file_.view(at_, chunk_head_size);
    if (head.size() < chunk_head_size) return end_short("no IEND chunk before the file's end");
    if (is_all_zero(head)) return end_at_zeros();
    const std::uint32_t length = read_big_endian(head, 4);
    const std::string type(as_text(head).substr(4, 4));
    if (!std::ranges::all_of(type, is_letter) || length > max_chunk) {
      doubt();
      return end_short("no chunk begins at byte " + std::to_string(at_) + ", and no IEND chunk follows");
    }
    take_chunk(type, length);
  }

  void take_chunk(const std::string& type, std::uint32_t length) {
    const bool is_first = at_ == signature_size;
    if (!is_plausible(type) || (is_first && type != "IHDR" && type != "CgBI")) doubt();
    if (type == "IHDR") read_dimensions(length);
    const std::uint64_t end = at_ + chunk_frame + length;
    if (end > file_.file_size()) {
      return end_short("its " + type + " chunk at byte " + std::to_string(at_) + " should end at byte " +
                       std::to_string(end) + ", the file ends at " + std::to_string(file_.file_size()));
    }
    if (type == "IEND") return end_complete();
    at_ = end;
  }

  void read_dimensions(std::uint32_t length) {
    if (length != header_length) return doubt();
    const auto data = file_.view(at_ + chunk_head_size, 8);
    if (data.size() < 8) return;
    report_.width = read_big_endian(data, 4);
    report_.height = read_big_endian(data.subspan(4), 4);
  }

  /// From here on it may be something else than chunks.
  void doubt() {
    if (!doubtful_from_) doubtful_from_ = at_;
  }

  void end_at_zeros() {
    if (at_ < smallest_hole) doubt();
    end_short("zeros from byte " + std::to_string(at_) + " on");
  }

  /// The walk has come to no IEND. A walk over sound chunks is believed; after anything else the bytes of
  /// IEND are looked for, which no chance puts there.
  void end_short(const std::string& reason) {
    if (doubtful_from_ && find_bytes(file_.file(), *doubtful_from_, end_bytes)) return end_complete();
    report_ = report_truncated(std::move(report_), "the PNG is cut short: " + reason);
    ended_ = true;
  }

  void end_complete() {
    report_.state = ImageState::complete;
    ended_ = true;
  }

  ByteWindow& file_;
  ImageReport report_;
  std::uint64_t at_ = signature_size;
  std::optional<std::uint64_t> doubtful_from_;
  bool ended_ = false;
};

}  // namespace

ImageReport inspect_png(ByteWindow& file) {
  return PngWalk(file).run();
}

}  // namespace reeld
