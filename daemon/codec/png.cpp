// PNG: the signature, then chunks (length, type, data, CRC) from IHDR to IEND. Source: PNG 5.2, 5.3, 11.2.

#include <algorithm>

#include "codec/image_formats.hpp"
#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::size_t signature_size = 8;
constexpr std::size_t chunk_head_size = 8;  // length and type
constexpr std::uint64_t chunk_frame = 12;   // with the CRC
constexpr std::uint32_t longest_chunk = 0x7FFFFFFF;
constexpr std::uint32_t header_length = 13;

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
    if (head.size() < chunk_head_size) return end_truncated("no IEND chunk before the file's end");
    if (is_all_zero(head)) return end_truncated("zeros from byte " + std::to_string(at_) + " on");
    const std::uint32_t length = read_big_endian(head, 4);
    const std::string type(as_text(head).substr(4, 4));
    if (!std::ranges::all_of(type, is_letter) || length > longest_chunk) {
      return end_unknown("no chunk begins at byte " + std::to_string(at_));
    }
    take_chunk(type, length);
  }

  void take_chunk(const std::string& type, std::uint32_t length) {
    const bool is_first = at_ == signature_size;
    if (is_first && (type != "IHDR" || length != header_length))
      return end_unknown("it does not begin with IHDR");
    if (is_first) read_dimensions();
    if (ended_) return;
    const std::uint64_t end = at_ + chunk_frame + length;
    if (end > file_.file_size()) {
      return end_truncated("its " + type + " chunk at byte " + std::to_string(at_) + " should end at byte " +
                           std::to_string(end) + ", the file ends at " + std::to_string(file_.file_size()));
    }
    if (type == "IDAT") has_data_ = true;
    if (type == "IEND") return end_at_iend();
    at_ = end;
  }

  void read_dimensions() {
    const auto data = file_.view(at_ + chunk_head_size, 8);
    if (data.size() < 8) return end_truncated("the file ends within its IHDR chunk");
    report_.width = read_big_endian(data, 4);
    report_.height = read_big_endian(data.subspan(4), 4);
    if (report_.width == 0 || report_.height == 0) end_unknown("its IHDR chunk says that it has no pixels");
  }

  void end_at_iend() {
    if (!has_data_) return end_unknown("it holds no IDAT chunk");
    report_.state = ImageState::complete;
    ended_ = true;
  }

  void end_truncated(const std::string& reason) {
    report_ = report_truncated(std::move(report_), "the PNG is cut short: " + reason);
    ended_ = true;
  }

  void end_unknown(const std::string& reason) {
    report_ = report_unknown(std::move(report_), "the PNG is not well-formed: " + reason);
    ended_ = true;
  }

  ByteWindow& file_;
  ImageReport report_;
  std::uint64_t at_ = signature_size;
  bool has_data_ = false;
  bool ended_ = false;
};

}  // namespace

ImageReport inspect_png(ByteWindow& file) {
  return PngWalk(file).run();
}

}  // namespace reeld
