#include "stub_api/record.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>

#include "stub_api/json_text.hpp"

namespace reeld::stub {
namespace {

/// A JSON object, member by member.
class ObjectWriter {
 public:
  void text(std::string_view name, std::string_view value) { raw(name, quote_json(value)); }
  void number(std::string_view name, std::uint64_t value) { raw(name, std::to_string(value)); }
  void flag(std::string_view name, bool value) { raw(name, value ? "true" : "false"); }
  void raw(std::string_view name, std::string_view json) {
    text_ += text_.empty() ? "{" : ",";
    text_ += quote_json(name);
    text_ += ":";
    text_ += json;
  }
  std::string finish() { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

template <class Pairs>
std::string write_texts(const Pairs& pairs) {
  ObjectWriter object;
  for (const auto& [name, value] : pairs) object.text(name, value);
  return object.finish();
}

std::string write_image(const Form& form) {
  if (!form.file) return "null";
  ObjectWriter object;
  object.text("name", form.file->name);
  object.text("filename", form.file->filename);
  object.text("content_type", form.file->content_type);
  object.number("size", form.file->size);
  object.text("sha256", form.file->sha256);
  object.number("position", form.file_position);
  return object.finish();
}

std::string write_time(double at) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6f", at);
  return text.data();
}

}  // namespace

std::string write_record(const Record& record) {
  ObjectWriter line;
  line.number("n", record.n);
  line.raw("at", write_time(record.at));
  line.text("method", record.head.method);
  line.text("target", record.head.target);
  line.raw("headers", write_texts(record.head.headers));
  line.raw("content_length",
           record.head.content_length ? std::to_string(*record.head.content_length) : "null");
  line.number("body_bytes", record.body_bytes);
  line.flag("complete", record.complete);
  line.raw("fields", write_texts(record.form.fields));
  line.raw("image", write_image(record.form));
  line.text("form_error", record.form_error);
  line.text("fault", record.fault);
  line.flag("created", record.created);
  line.text("id", record.id);
  line.number("status", static_cast<std::uint64_t>(record.status));
  line.text("response", record.response);
  line.number("connection", record.connection);
  line.flag("tls_resumed", record.tls_resumed);
  line.flag("reused", record.reused);
  return line.finish() + "\n";
}

Recorder::Recorder(const std::filesystem::path& folder)
    : fd_(::open((folder / "requests.jsonl").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (fd_ < 0) throw std::runtime_error("cannot open requests.jsonl in " + folder.string());
}

Recorder::~Recorder() {
  ::close(fd_);
}

void Recorder::append(const Record& record) {
  const std::string line = write_record(record);
  if (::write(fd_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error("cannot write to requests.jsonl");
  }
}

}  // namespace reeld::stub
