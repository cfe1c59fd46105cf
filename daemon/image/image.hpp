#pragma once
// Images: type from the first bytes, size in pixels, and whether the structure is complete (PNG through IEND,
// JPEG through EOI, WebP's RIFF length). A truncated image is never sent.
//
// Whether an image is any good is the API's to say. Where the structure can be followed, it tells a whole
// file from a cut one; where it cannot, because a file is odd but may be valid, the end's own bytes do: those
// of IEND anywhere behind the fault, or FFD9 at the file's end (zeros and blanks may follow).
//
// Threads: pure functions over a reader that the caller owns.
// Source: PNG (W3C, 3rd ed.) 5; ITU-T T.81 B; RFC 9649 2 (WebP).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reeld {

enum class ImageType { png, jpeg, webp };

std::string_view media_type_of(ImageType type);  // "image/png"
std::string_view extension_of(ImageType type);   // "png", "jpg", "webp": for the file name that is sent

/// Random access to a file's bytes.
class ByteReader {
 public:
  virtual ~ByteReader() = default;
  virtual std::uint64_t size() const = 0;
  /// Reads at `offset` into `into`; returns how many bytes were read, short only at the end of the file.
  virtual std::size_t read_at(std::uint64_t offset, std::span<std::byte> into) = 0;
};

enum class ImageState {
  complete,
  truncated,  // the end is missing: it may still be coming
  unknown,    // not PNG, JPEG or WebP by its first bytes: it will never be right
};

struct ImageReport {
  ImageState state = ImageState::unknown;
  std::optional<ImageType> type;
  std::uint32_t width = 0;  // pixels; 0 where the header does not say
  std::uint32_t height = 0;
  std::string reason;  // for people, when the state is not complete: what was expected and found
};

/// Errors: what `read_at` throws passes through.
ImageReport inspect_image(ByteReader& file);

}  // namespace reeld
