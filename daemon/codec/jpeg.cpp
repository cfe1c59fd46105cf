// JPEG: segments up to the first scan, then, where it is needed, the scans themselves up to EOI.
// Source: ITU-T T.81 B.1.1 (markers, fill bytes), B.2 (frames, scans).

#include "codec/image_formats.hpp"
#include "codec/jpeg_scan.hpp"

namespace reeld {
namespace {

constexpr std::uint32_t smallest_frame_header = 8;

class JpegWalk {
 public:
  explicit JpegWalk(ByteWindow& file) : file_(file) { report_.type = ImageType::jpeg; }

  ImageReport run() {
    while (!ended_ && !in_scan_) step();
    if (!ended_) finish_scans();
    return std::move(report_);
  }

 private:
  void step() {
    const auto bytes = file_.view(at_, 2);
    if (bytes.size() < 2) return end_truncated("it ends before its image data");
    if (is_all_zero(bytes)) return end_truncated("zeros from byte " + std::to_string(at_) + " on");
    if (bytes[0] != std::byte{0xFF}) return end_unknown("no marker at byte " + std::to_string(at_));
    const auto marker = std::to_integer<unsigned>(bytes[1]);
    if (marker == 0xFF) {
      ++at_;  // a fill byte
    } else if (stands_alone(marker)) {
      at_ += 2;
    } else if (marker < 0xC0 || marker == jpeg_soi || marker == jpeg_eoi) {
      end_unknown("an unexpected marker at byte " + std::to_string(at_));
    } else {
      take_segment(marker);
    }
  }

  void take_segment(unsigned marker) {
    const auto segment = file_.view(at_ + 2, smallest_frame_header);
    if (segment.size() < 2) return end_truncated("it ends within a segment");
    const std::uint32_t length = read_big_endian(segment, 2);
    if (length < 2) return end_unknown("a segment without a length at byte " + std::to_string(at_));
    const std::uint64_t end = at_ + 2 + length;
    if (end > file_.file_size()) {
      return end_truncated("a segment should end at byte " + std::to_string(end) + ", the file ends at " +
                           std::to_string(file_.file_size()));
    }
    if (is_frame(marker)) read_frame(marker, segment, length);
    if (marker == jpeg_sos) begin_scan(segment, length);
    at_ = end;
  }

  void read_frame(unsigned marker, std::span<const std::byte> segment, std::uint32_t length) {
    if (length < smallest_frame_header || segment.size() < smallest_frame_header) {
      return end_unknown("its frame header is too short");
    }
    report_.height = read_big_endian(segment.subspan(3), 2);
    report_.width = read_big_endian(segment.subspan(5), 2);
    components_ = read_big_endian(segment.subspan(7), 1);
    is_sequential_ = marker == 0xC0 || marker == 0xC1;
  }

  void begin_scan(std::span<const std::byte> segment, std::uint32_t length) {
    if (components_ == 0 || length < 3 || segment.size() < 3) return end_unknown("a scan without a frame");
    is_single_scan_ = is_sequential_ && read_big_endian(segment.subspan(2), 1) == components_;
    in_scan_ = true;
  }

  /// No FFD9 can stand within entropy-coded data, so that one at the file's end can only be the image's own
  /// where a single scan is all that there is. Anything else has to be read.
  void finish_scans() {
    if (is_single_scan_ && ends_with_eoi()) {
      report_.state = ImageState::complete;
      return;
    }
    switch (find_end_of_image(file_, at_)) {
      case ScanEnd::found:
        report_.state = ImageState::complete;
        return;
      case ScanEnd::missing:
        return end_truncated("no end-of-image marker");
      case ScanEnd::malformed:
        return end_unknown("an unexpected marker within its image data");
    }
  }

  bool ends_with_eoi() {
    if (file_.file_size() < at_ + 2) return false;
    return as_text(file_.view(file_.file_size() - 2, 2)) == "\xFF\xD9";
  }

  static bool stands_alone(unsigned marker) { return marker == 0x01 || is_restart(marker); }

  /// SOFn: all of C0 to CF but DHT, JPG and DAC.
  static bool is_frame(unsigned marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  void end_truncated(const std::string& reason) {
    report_ = report_truncated(std::move(report_), "the JPEG is cut short: " + reason);
    ended_ = true;
  }

  void end_unknown(const std::string& reason) {
    report_ = report_unknown(std::move(report_), "the JPEG is not well-formed: " + reason);
    ended_ = true;
  }

  ByteWindow& file_;
  ImageReport report_;
  std::uint64_t at_ = 2;  // after SOI
  std::uint32_t components_ = 0;
  bool is_sequential_ = false;
  bool is_single_scan_ = false;
  bool in_scan_ = false;
  bool ended_ = false;
};

}  // namespace

ImageReport inspect_jpeg(ByteWindow& file) {
  return JpegWalk(file).run();
}

}  // namespace reeld
