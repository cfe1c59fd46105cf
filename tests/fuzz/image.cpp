#include "image/image.hpp"

#include "fuzz/entries.hpp"
#include "fuzz/promise.hpp"
#include "support/text_reader.hpp"

namespace reeld {

int fuzz_image(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(as_text(data, size));
  const ImageReport report = test::inspect_text(bytes);
  const bool is_complete = report.state == ImageState::complete;
  require(report.reason.empty() == is_complete, "a reason where the image is not complete, and only there");
  require(!is_complete || report.type.has_value(), "a complete image has a type");
  // A JPEG's scan is not read where the file's last bytes settle it; what follows it may then bring faults to
  // light.
  if (is_complete && report.type != ImageType::jpeg) {
    require(test::inspect_text(bytes + "tail").state == ImageState::complete, "what follows does not matter");
  }
  return 0;
}

}  // namespace reeld
