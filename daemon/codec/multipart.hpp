#pragma once
// The body of a submission, multipart/form-data, cut where the sender needs it cut: what goes before the
// image, what follows it, and the closing boundary, which is held back until the commit point.
//
// Source: RFC 7578; names are escaped as WHATWG HTML "multipart/form-data encoding" does (LF, CR and `"`
// only).

#include <cstdint>
#include <string>
#include <string_view>

#include "codec/form.hpp"
#include "image/image.hpp"

namespace reeld {

struct ImagePart {
  ImageType type = ImageType::png;
  std::uint64_t size = 0;  // bytes
};

struct MultipartBody {
  std::string content_type;          // "multipart/form-data; boundary=..."
  std::string before_image;          // up to and including the empty line before the image's bytes
  std::string after_image;           // the fields that follow the image; may be empty
  std::string closing;               // CRLF "--boundary--" CRLF: the last bytes of the body
  std::uint64_t content_length = 0;  // of the whole body, image included
};

/// `form` has an image and begins with something else.
/// `boundary`: ASCII, 1 to 70 characters (RFC 2046 5.1.1), not contained in any value: see
/// `boundary_is_free`. The image's file name is "image.png" (or .jpg, .webp): plain ASCII, whatever the pair
/// is called.
MultipartBody build_multipart(const Form& form, std::string_view prompt, const ImagePart& image,
                              std::string_view boundary);

/// Whether no field or prompt contains the boundary (the image's bytes are not looked at: 128 random bits do
/// for them).
bool is_boundary_free(const Form& form, std::string_view prompt, std::string_view boundary);

}  // namespace reeld
