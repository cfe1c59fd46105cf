#include "codec/multipart.hpp"

#include <algorithm>

namespace reeld {
namespace {

std::string escape_name(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    switch (c) {
      case '\n':
        escaped += "%0A";
        break;
      case '\r':
        escaped += "%0D";
        break;
      case '"':
        escaped += "%22";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

/// Parts one after another, each with the CRLF and delimiter that go before it.
class Parts {
 public:
  explicit Parts(std::string_view boundary) : delimiter_("\r\n--" + std::string(boundary)) {}

  void add_field(std::string_view name, std::string_view value) {
    open(name);
    text_ += "\r\n\r\n";
    text_ += value;
  }

  void add_image_head(std::string_view name, const ImagePart& image) {
    open(name);
    text_ += "; filename=\"image." + std::string(extension_of(image.type)) + "\"\r\n";
    text_ += "Content-Type: " + std::string(media_type_of(image.type)) + "\r\n\r\n";
  }

  const std::string& text() const { return text_; }

 private:
  void open(std::string_view name) {
    text_ += delimiter_;
    text_ += "\r\nContent-Disposition: form-data; name=\"" + escape_name(name) + '"';
  }

  std::string delimiter_;
  std::string text_;
};

}  // namespace

MultipartBody build_multipart(const Form& form, std::string_view prompt, const ImagePart& image,
                              std::string_view boundary) {
  Parts before(boundary);
  Parts after(boundary);
  bool is_after = false;
  for (const FormPart& part : form) {
    Parts& parts = is_after ? after : before;
    if (part.kind == FormPart::Kind::image) {
      parts.add_image_head(part.name, image);
      is_after = true;
    } else {
      parts.add_field(part.name, part.kind == FormPart::Kind::prompt ? prompt : part.value);
    }
  }
  MultipartBody body;
  body.content_type = "multipart/form-data; boundary=" + std::string(boundary);
  body.before_image = before.text().substr(2);  // a body begins with a delimiter, not with a line end
  body.after_image = after.text();
  body.closing = "\r\n--" + std::string(boundary) + "--\r\n";
  body.content_length = body.before_image.size() + image.size + body.after_image.size() + body.closing.size();
  return body;
}

bool is_boundary_free(const Form& form, std::string_view prompt, std::string_view boundary) {
  if (prompt.find(boundary) != std::string_view::npos) return false;
  return std::ranges::none_of(form, [boundary](const FormPart& part) {
    return part.name.find(boundary) != std::string::npos || part.value.find(boundary) != std::string::npos;
  });
}

}  // namespace reeld
