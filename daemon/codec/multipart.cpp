#include "codec/multipart.hpp"

#include <algorithm>
#include <array>

namespace reeld {
namespace {

constexpr std::array<std::string_view, 5> ordered_names = {"model", "seconds", "size", "watermark",
                                                           "private"};

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
    if (value.empty()) return;
    open(name);
    text_ += "\r\n\r\n";
    text_ += value;
  }

  void add_field(const JobFields& fields, std::string_view name) {
    if (const std::string* value = find_field(fields, name)) add_field(name, *value);
  }

  void add_image_head(const ImagePart& image) {
    open(image.field_name);
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

std::string write_before_image(const JobFields& fields, std::string_view prompt, const ImagePart& image,
                               std::string_view boundary) {
  Parts parts(boundary);
  parts.add_field(fields, "model");
  parts.add_field("prompt", prompt);
  parts.add_field(fields, "seconds");
  parts.add_image_head(image);
  return parts.text().substr(2);  // a body begins with a delimiter, not with a line end
}

std::string write_after_image(const JobFields& fields, std::string_view boundary) {
  Parts parts(boundary);
  for (const std::string_view name : {"size", "watermark", "private"}) parts.add_field(fields, name);
  for (const JobField& field : fields) {
    if (std::ranges::find(ordered_names, field.name) == ordered_names.end()) {
      parts.add_field(field.name, field.value);
    }
  }
  return parts.text();
}

}  // namespace

MultipartBody build_multipart(const JobFields& fields, std::string_view prompt, const ImagePart& image,
                              std::string_view boundary) {
  MultipartBody body;
  body.content_type = "multipart/form-data; boundary=" + std::string(boundary);
  body.before_image = write_before_image(fields, prompt, image, boundary);
  body.after_image = write_after_image(fields, boundary);
  body.closing = "\r\n--" + std::string(boundary) + "--\r\n";
  body.content_length = body.before_image.size() + image.size + body.after_image.size() + body.closing.size();
  return body;
}

bool is_boundary_free(const JobFields& fields, std::string_view prompt, std::string_view boundary) {
  if (prompt.find(boundary) != std::string_view::npos) return false;
  return std::ranges::none_of(fields, [boundary](const JobField& field) {
    return field.name.find(boundary) != std::string::npos || field.value.find(boundary) != std::string::npos;
  });
}

}  // namespace reeld
