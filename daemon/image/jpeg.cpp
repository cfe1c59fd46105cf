// JPEG: segments up to the first scan, then, where it is needed, the scans themselves up to EOI. Where that
// leads nowhere, an EOI at the file's end counts. Some of Samsung's have their camera's trailer instead of
// it. Source: ITU-T T.81 B.1.1 (markers, fill bytes), B.2 (frames, scans).

#include <algorithm>

#include "image/image_formats.hpp"
#include "image/jpeg_scan.hpp"
#include "image/jpeg_segment.hpp"
#include "image/samsung_trailer.hpp"

namespace reeld {
namespace {

bool is_padding(std::byte byte) {
  return byte == std::byte{0} || byte == std::byte{' '} || byte == std::byte{'\r'} || byte == std::byte{'\n'};
}

/// The offset behind the file's last byte that is no padding.
std::uint64_t find_padding(ByteWindow& file) {
  std::uint64_t end = file.file_size();
  while (end > 0) {
    const std::uint64_t start = end - std::min<std::uint64_t>(end, ByteWindow::width);
    const auto bytes = file.view(start, static_cast<std::size_t>(end - start));
    const auto last = std::ranges::find_if_not(bytes.rbegin(), bytes.rend(), is_padding);
    if (last != bytes.rend()) return start + static_cast<std::uint64_t>(bytes.rend() - last);
    end = start;
  }
  return 0;
}

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
    if (bytes.size() < 2) return end_short("it ends before its image data");
    if (is_all_zero(bytes)) return end_at_zeros();
    if (bytes[0] != std::byte{0xFF}) return end_lost("no marker at byte " + std::to_string(at_));
    const auto marker = std::to_integer<unsigned>(bytes[1]);
    if (marker == 0xFF) {
      ++at_;  // a fill byte
    } else if (stands_alone(marker)) {
      at_ += 2;
    } else if (marker < 0xC0 || marker == jpeg_soi || marker == jpeg_eoi) {
      end_lost("an unexpected marker at byte " + std::to_string(at_));
    } else {
      take_segment(marker);
    }
  }

  void take_segment(unsigned marker) {
    const auto segment = file_.view(at_ + 2, 2 + segment_look);
    if (segment.size() < 2) return end_short("it ends within a segment");
    const std::uint32_t length = read_big_endian(segment, 2);
    if (length < 2) return end_lost("a segment without a length at byte " + std::to_string(at_));
    const bool is_plausible = is_plausible_segment(marker, length, segment.subspan(2));
    if (!is_plausible) is_doubtful_ = true;
    const std::uint64_t end = at_ + 2 + length;
    if (end > file_.file_size()) {
      return end_short("a segment should end at byte " + std::to_string(end) + ", the file ends at " +
                       std::to_string(file_.file_size()));
    }
    if (is_plausible && is_jpeg_frame(marker)) read_frame(marker, segment);
    if (marker == jpeg_sos) begin_scan(segment, length);
    at_ = end;
  }

  void read_frame(unsigned marker, std::span<const std::byte> segment) {
    report_.height = read_big_endian(segment.subspan(3), 2);
    report_.width = read_big_endian(segment.subspan(5), 2);
    components_ = read_big_endian(segment.subspan(7), 1);
    is_sequential_ = marker == 0xC0 || marker == 0xC1;
  }

  void begin_scan(std::span<const std::byte> segment, std::uint32_t length) {
    if (components_ == 0 || length < 3 || segment.size() < 3) return end_lost("a scan without a frame");
    is_single_scan_ = is_sequential_ && read_big_endian(segment.subspan(2), 1) == components_;
    in_scan_ = true;
  }

  /// No FFD9 can stand within entropy-coded data, so that one at the file's end can only be the image's own
  /// where a single scan is all that there is. Anything else has to be read.
  void finish_scans() {
    if (is_single_scan_ && ends_with_eoi(at_)) return end_complete();
    const ScanEnd found = find_end_of_image(file_, at_);
    if (found != ScanEnd::found && ends_with_samsung_trailer(file_, at_)) return end_complete();
    switch (found) {
      case ScanEnd::found:
        return end_complete();
      case ScanEnd::missing:
        return end_short("no end-of-image marker");
      case ScanEnd::malformed:
        return end_lost("an unexpected marker within its image data");
    }
  }

  bool ends_with_eoi(std::uint64_t from) {
    const std::uint64_t end = find_padding(file_);
    return end >= from + 2 && as_text(file_.view(end - 2, 2)) == "\xFF\xD9";
  }

  static bool stands_alone(unsigned marker) { return marker == 0x01 || is_restart(marker); }

  void end_complete() {
    report_.state = ImageState::complete;
    ended_ = true;
  }

  void end_at_zeros() {
    if (at_ < smallest_hole) is_doubtful_ = true;
    end_short("zeros from byte " + std::to_string(at_) + " on");
  }

  /// What is no JPEG to us may be one to others.
  void end_lost(const std::string& reason) {
    is_doubtful_ = true;
    end_short(reason + ", and no end-of-image marker at its end");
  }

  /// A walk over sound segments is believed: an EOI at the end is then a thumbnail's, or chance.
  void end_short(const std::string& reason) {
    if (is_doubtful_ && ends_with_eoi(2)) return end_complete();
    report_ = report_truncated(std::move(report_), "the JPEG is cut short: " + reason);
    ended_ = true;
  }

  ByteWindow& file_;
  ImageReport report_;
  std::uint64_t at_ = 2;  // after SOI
  std::uint32_t components_ = 0;
  bool is_sequential_ = false;
  bool is_doubtful_ = false;  // something before `at_` is unlikely to be a segment
  bool is_single_scan_ = false;
  bool in_scan_ = false;
  bool ended_ = false;
};

}  // namespace

ImageReport inspect_jpeg(ByteWindow& file) {
  return JpegWalk(file).run();
}

}  // namespace reeld
